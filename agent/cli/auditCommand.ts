import { existsSync } from 'node:fs';
import { openAuditLog } from '../openHistory';
import type { AuditLog, AuditRow } from '../store/types';
import { sayTime } from '../protocol/words';
import { UsageError, type Action, type Call } from './call';
import { exitCodes } from './exitCodes';
import { withHistory } from './history/openHistory';
import { printRows } from './terminal/columns';
import { plain, sayCount } from './terminal/words';

/** `handrail audit` */
export const auditCommand: Action = call =>
  call.options.flag('verify') ? verify(call) : Promise.resolve(list(call));

function list(call: Call): number {
  const limit = limitOf(call.options.text('limit') ?? '50');
  const rows = withLog(call, log => log.list({ limit })) ?? [];
  if (call.options.flag('json')) printJson(call, rows);
  else if (rows.length === 0) void call.terminal.stderr.write('The audit log is empty.\n');
  // Read from top to bottom, as it happened.
  else printRows(call.terminal.stdout, rows.reverse().map(wordRow));
  return exitCodes.passed;
}

/** Looking at it makes no folder. */
function withLog<T>(call: Call, read: (log: AuditLog) => T): T | undefined {
  const folders = call.folders();
  if (!existsSync(folders.data)) return undefined;
  const log = openAuditLog(folders, text => void call.terminal.stderr.write(`${text}\n`), { toRead: true });
  try {
    return read(log);
  } finally {
    log.close();
  }
}

/** Exit 1 where the chain does not hold, or lacks what the history has. */
async function verify(call: Call): Promise<number> {
  const { terminal, options } = call;
  const chain: Chain = withLog(call, log => log.verify()) ?? { rows: 0 };
  const unlogged = chain.broken === undefined ? await unloggedRuns(call) : [];
  const verdict: Verdict = { ...chain, ...(unlogged.length > 0 && { unlogged }) };
  if (options.flag('json')) printJson(call, verdict);
  else void terminal.stdout.write(`${wordVerdict(verdict)}\n`);
  const holds = verdict.broken === undefined && (unlogged.length === 0 || chain.gaps !== undefined);
  return holds ? exitCodes.passed : exitCodes.failed;
}

/** Runs of the history whose start the log does not tell, newest first: it was removed as a whole, and begun anew. */
async function unloggedRuns(call: Call): Promise<string[]> {
  // The log is written first, so it is read last: a run that begins meanwhile is in it.
  const known = await withHistory(call, store => {
    const found: string[] = [];
    for (let before: string | undefined; ;) {
      const { runs, more } = store.list({ limit: 500, ...(before !== undefined && { before }) });
      found.push(...runs.map(({ id }) => id));
      before = runs.at(-1)?.id;
      if (!more || before === undefined) return found;
    }
  });
  const logged = withLog(call, log => log.runs()) ?? new Set();
  return (known ?? []).filter(id => !logged.has(id));
}

type Chain = ReturnType<AuditLog['verify']>;
type Verdict = Chain & { readonly unlogged?: readonly string[] };

const elsewhere = 'A copy of the log, if one is kept elsewhere, tells what stood there.';

function wordVerdict({ rows, broken, gaps = [], unlogged = [] }: Verdict): string {
  if (broken !== undefined) {
    const before = rows === 0 ? '' : ` ${sayCount(rows, 'row')} before it can be relied on.`;
    return `The chain is broken: ${broken.problem}.${before}\n${elsewhere}`;
  }
  const [newest] = unlogged;
  if (newest === undefined || gaps.length > 0)
    return [`The chain holds: ${sayCount(rows, 'row')}.`, ...gaps.map(wordGap)].join('\n');
  const what = unlogged.length === 1 ? `run ${newest}` : `${unlogged.length} runs, the newest ${newest}`;
  return (
    `Rows are missing: the history has ${what}, of which the log tells nothing. The ${sayCount(rows, 'row')} that ` +
    `are there hold together, but what stood before them was removed.\n${elsewhere}`
  );
}

function wordGap({ after, lost }: NonNullable<Verdict['gaps']>[number]): string {
  const what = lost === 1 ? 'one more was' : `${lost} more were`;
  return (
    `After row ${after}, ${what} written that may not have reached the disk: the system was started again after that, ` +
    'as after a loss of power. A copy of the log, if one is kept elsewhere, has them.'
  );
}

/** `  412  2026-03-01 18:02:11  ana via cli  step.started  restart  run=8f3a target=local` */
function wordRow({ number, time, actor, action, subject, details }: AuditRow): string[] {
  const pairs = Object.entries(details).map(([name, value]) => `${name}=${value}`);
  return [String(number), sayTime(time), actor, action, subject, pairs.join(' ')].map(plain);
}

function printJson({ terminal }: Call, value: unknown): void {
  void terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1) return Math.min(limit, 100_000);
  throw new UsageError(`--limit ${text} is no number of rows`);
}
