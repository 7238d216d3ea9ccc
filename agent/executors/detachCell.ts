import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { encodeSource } from '../runbook/decode';
import { type CellContext, processEnvironment, writePrivate } from './cellContext';
import { detachedVariable } from '../detachedMark';
import { detachedLog, detachedLogLimit } from './detachedLog';
import { endDetached } from './endDetached';
import type { CellSpec, DetachedPlace, DetachedProcess, StartedDetached } from './executor';
import { commandOf, startTimeOf } from '../processTable';
import { findProgram } from './programs';
import type { CellProgram, SessionCells } from './sessionCells';
import { shellCell } from './shell/shellRunner';

/** How long a program may take to begin. Milliseconds. */
const startDeadline = 10_000;

/** Stands in the command line until the program itself has begun. */
const waiting = 'handrail-detach';

/** Becomes the program; writes its own exit status into `$1` where it cannot. bash and dash differ in how. */
const become =
  'shopt -s execfail 2>/dev/null; f=$1; shift; trap \'echo $? >"$f"\' EXIT; exec "$@" </dev/null >&2; exit';

/**
 * Leaves a process that is nobody's child, in a session of its own where there is setsid, tells its pid, and leaves
 * another one that carries what it prints into the log: `$2` is its program, `$3` and `$4` its arguments.
 */
const leave = `
umask "$1"
relay=$2 log=$3 limit=$4
shift 4
exec 3>&1 >/dev/null
{ "$@" 2>&1 >/dev/null 3>&- & echo "$!" >&3; } | {
  unset ${detachedVariable}
  exec /bin/sh -c "$relay" handrail-log "$log" "$limit" >/dev/null 2>&1 3>&-
} 3>&- &
`;

/**
 * Starts a cell as a process that outlives us: not a child of ours, without our markers, its output in a bounded
 * file. Settles when it is known to have begun.
 */
export async function detachCell(
  cells: SessionCells,
  spec: CellSpec,
  { log, mark }: DetachedPlace,
): Promise<StartedDetached | { readonly error: string }> {
  const found = cells.prepare({ ...spec, terminal: undefined });
  if (typeof found === 'string') return { error: found };
  try {
    const context = found.context();
    const { env, ...start } = planStart(found.program, context, `${log}.cell`);
    const [name = '', value] = mark.split('=');
    const begun = await begin({ ...start, env: { ...env, [name]: value ?? '' } }, context, log);
    if ('error' in begun) return begun;
    return { ...begun, end: () => endDetached({ ...begun, mark }, context.host.graces) };
  } catch (error) {
    return { error: cells.whyNot(spec, error) };
  }
}

/** The program with its arguments and all of its environment; it reads the cell from `path`. */
interface DetachedStart {
  readonly program: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly path: string;
  /** It empties its file once it has read it. */
  readonly empties: boolean;
}

function planStart(program: CellProgram, context: CellContext, path: string): DetachedStart {
  const { spec, state, cwd } = context;
  if (program.kind === 'shell') {
    // Nobody is there to take its state.
    const script = program.dialect.script({ ...shellCell(context, path, '/dev/null'), alone: true }, state);
    writePrivate(path, script.content);
    const env = Object.fromEntries(script.env);
    return { program: [program.shell, ...script.args], env, path, empties: true };
  }
  const [file = '', ...args] = program.program;
  const extension = program.kind === 'once' ? program.extension : undefined;
  const named = extension === undefined ? path : `${path}.${extension}`;
  writePrivate(named, Buffer.from(encodeSource(spec.text)).toString('latin1'));
  const env = { ...processEnvironment(context), PWD: cwd };
  return { program: [file, ...args, named], env, path: named, empties: false };
}

async function begin(
  start: DetachedStart,
  context: CellContext,
  log: string,
): Promise<DetachedProcess | { readonly error: string }> {
  const failure = `${log}.failed`;
  const before = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const pid = await spawnAway(start, context, log, failure);
  const startTime = startTimeOf(pid);
  const end = performance.now() + startDeadline;
  for (;;) {
    const status = readIfThere(failure);
    const gone = startTime === undefined || startTimeOf(pid) !== startTime;
    if (status !== undefined && status !== '') {
      rmSync(failure, { force: true });
      return { error: await notBegun(start, log, before) };
    }
    if (gone || (!commandOf(pid).includes(waiting) && hasRead(start)))
      return { pid, startTime: startTime ?? '' };
    if (performance.now() > end)
      return {
        error: `${start.program[0]} has not begun within ${startDeadline / 1000} s; process ${pid}. Look at ${log}, and end it with kill ${pid}.`,
      };
    await new Promise<void>(resolve => setTimeout(resolve, 5));
  }
}

/** Starts it through two shells that go away; settles with its pid. */
function spawnAway(
  start: DetachedStart,
  context: CellContext,
  log: string,
  failure: string,
): Promise<number> {
  const { cwd, state } = context;
  const setsid = findProgram('setsid', '/usr/bin:/bin', '/');
  const inner = ['/bin/sh', '-c', become, waiting, failure, ...start.program];
  const command = setsid === undefined ? inner : [setsid, ...inner];
  closeSync(openSync(log, 'a', 0o600));
  const words = [state.umask.toString(8), detachedLog, log, String(detachedLogLimit)];
  const shell = spawn('/bin/sh', ['-c', leave, 'sh', ...words, ...command], {
    cwd,
    env: start.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    let printed = '';
    shell.stdout?.on('data', (text: Buffer) => (printed += text.toString()));
    shell.once('error', reject);
    shell.once('close', () => resolve(Number(printed)));
  });
}

function hasRead({ path, empties }: DetachedStart): boolean {
  return !empties || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/** What the shell that was to become the program has said comes to the end of the log. */
async function notBegun({ program }: DetachedStart, log: string, before: number): Promise<string> {
  const end = performance.now() + 1000;
  for (;;) {
    const said = readFileSync(log).subarray(before).toString().trim().split('\n').at(-1) ?? '';
    if (said !== '' || performance.now() > end) return `${program[0]} could not be started: ${said}`;
    await new Promise<void>(resolve => setTimeout(resolve, 5));
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
