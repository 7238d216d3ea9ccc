import { chmodSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSource } from '../../runbook/decode';
import { executeProcess } from '../executeProcess';
import { type CellContext, markers, writePrivate } from '../cellContext';
import type { CellSpec, Ending, Execution, OutputSink } from '../executor';
import { cellVariable } from '../host';
import type { ShellCell, ShellDialect, ShellReport } from './dialect';

/** Runs a cell in a shell of its own that continues where the last one ended. */
export function runShellCell(
  program: string,
  dialect: ShellDialect,
  context: CellContext,
  sink: OutputSink,
): Execution {
  const { spec, state } = context;
  const path = join(context.folder, `cell-${context.number}`);
  // A file of its own: where one is written over, ext4 puts it on the disk at once, which takes longer than all else.
  const statePath = `${path}.state`;
  const cell = shellCell(context, path, statePath);
  const script = dialect.script(cell, state);
  writePrivate(path, script.content);
  return executeProcess({
    command: {
      file: program,
      args: script.args,
      cwd: context.cwd,
      env: { ...Object.fromEntries(script.env), ...markers(context) },
      terminal: spec.terminal,
    },
    marker: `${cellVariable}=${context.marker}\n`,
    sink,
    host: context.host,
    ended(exit, process) {
      if (process.pid !== undefined) context.left(process.pid);
      remove(path);
      const written = takeWritten(statePath);
      const report = written === undefined ? undefined : dialect.accept(written, cell, state);
      return report === undefined ? {} : takeReport(report, context, exit.exit);
    },
  });
}

/** The cell as its shell sees it, read from one file and its state written to another. */
export function shellCell(
  context: Pick<CellContext, 'spec' | 'env'>,
  path: string,
  statePath: string,
): ShellCell {
  const { spec, env } = context;
  const text = Buffer.from(encodeSource(spec.text)).toString('latin1');
  return { text, line: spec.line, strict: spec.strict, env, path, statePath, name: spec.file };
}

/**
 * Reads and removes it, for it may hold secrets. Undefined where there is none: the state before the cell stays, as
 * after SIGKILL.
 */
function takeWritten(path: string): string | undefined {
  try {
    return readWritten(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    remove(path);
  }
}

/** The cell's umask may keep its owner out, too. */
function readWritten(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    chmodSync(path, 0o600);
    return readFileSync(path, 'latin1');
  }
}

/** The cell may have done so itself. */
function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Keeps what a shell told of the state that it leaves; gives the line that failed, where it told. */
export function takeReport(
  report: ShellReport,
  { state, spec }: Pick<CellContext, 'state' | 'spec'>,
  exit: number | undefined,
): Pick<Ending, 'failedLine'> {
  if (spec.cwd === undefined) state.cwd = report.cwd;
  state.umask = report.umask;
  state.setEnv(report.env);
  return failedLine(report, spec, exit);
}

/** The command that the shell told of, where its status became the cell's; else the `exit` that gave that status. */
function failedLine(
  report: ShellReport,
  spec: CellSpec,
  exit: number | undefined,
): Pick<Ending, 'failedLine'> {
  const { line = 0, status } = report.failed ?? {};
  const within = line - spec.line + 1;
  const lines = spec.text.split('\n');
  const said = status === -1 || status === exit;
  if (said && within >= 1 && within <= lines.length) return { failedLine: within };
  const ends = lines.flatMap((text, index) => (isExit(text, exit) ? [index + 1] : []));
  const [only] = ends;
  return only !== undefined && ends.length === 1 ? { failedLine: only } : {};
}

/** No shell tells where it was when it was told to exit; one line that says so is where. */
function isExit(line: string, status: number | undefined): boolean {
  const match = /^(?!\s*#)(?:.*[\s;&|({])?exit\s+(\d+)\s*(?:$|[;&|})#])/.exec(line);
  return match !== null && Number(match[1]) === status;
}
