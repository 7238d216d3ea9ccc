import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSource } from '../runbook/decode';
import { executeProcess } from './executeProcess';
import type { Execution, OutputSink } from './executor';
import { cellVariable } from './host';
import { type CellContext, markers, processEnvironment, writePrivate } from './cellContext';

/** Sets the umask, which spawning cannot, and goes away. */
const withUmask = 'umask "$0"; exec "$@"';

/** Runs a cell as a program of its own: program, arguments, and a file that holds the text. */
export function runOnce(
  program: readonly string[],
  extension: string | undefined,
  context: CellContext,
  sink: OutputSink,
): Execution {
  const { spec, state } = context;
  const path = join(
    context.folder,
    `cell-${context.number}${extension === undefined ? '' : `.${extension}`}`,
  );
  writePrivate(path, Buffer.from(encodeSource(spec.text)).toString('latin1'));
  const execution = executeProcess({
    command: {
      file: '/bin/sh',
      args: ['-c', withUmask, state.umask.toString(8), ...program, path],
      cwd: context.cwd,
      env: { ...processEnvironment(context), ...markers(context), PWD: context.cwd },
      terminal: spec.terminal,
    },
    marker: `${cellVariable}=${context.marker}\n`,
    sink,
    host: context.host,
    ended(_exit, process) {
      if (process.pid !== undefined) context.left(process.pid);
      return {};
    },
  });
  return { ...execution, ended: execution.ended.finally(() => rmSync(path, { force: true })) };
}
