import { FrameReader } from '../exec/frames';
import { compareTimes } from '../../logs/logPosition';
import { readLog } from '../logs/readLog';
import { idsOf, nameOf, type Wanted } from './inspectContainers';
import { type OpenEngine, statusOf, wordEngine } from './openEngine';

/** Bytes of one log that one look reads at most. */
const mostRead = 16 * 2 ** 20;
/** Characters of a line; the rest of a longer one is passed over. */
const longest = 16_384;

/** Takes a line with its time, as the engine writes it. */
export type TakeTimed = (time: string, line: string) => void;

/** Up to where a log was read. Podman knows seconds only, so it counts how many lines of that time were read. */
export interface ReadUpTo {
  readonly time: string;
  readonly lines: number;
}

/** What came of reading, by container. It passes between bundles. */
export type LinesRead =
  | { readonly kind: 'read'; readonly last: ReadonlyMap<string, ReadUpTo> }
  | { readonly kind: 'missing' | 'trouble'; readonly message: string };

/** Reads what the logs of containers have since where they were read up to, else since `begin` (RFC 3339). */
export async function readNewLines(
  engine: OpenEngine,
  wanted: Wanted,
  since: { readonly begin: string; readonly last: ReadonlyMap<string, ReadUpTo> },
  take: TakeTimed,
  signal: AbortSignal,
): Promise<LinesRead> {
  try {
    const ids = 'name' in wanted ? [wanted.name] : await idsOf(engine, wanted, signal);
    const last = new Map<string, ReadUpTo>();
    for (const id of ids) {
      const before = since.last.get(id) ?? { time: since.begin, lines: 0 };
      last.set(id, await readOne(engine, id, before, take, signal));
    }
    if (ids.length > 0) return { kind: 'read', last };
  } catch (error) {
    if (statusOf(error) !== 404)
      return { kind: 'trouble', message: wordEngine(engine, nameOf(wanted), error) };
  }
  return { kind: 'missing', message: `There is no ${nameOf(wanted)}` };
}

/** Engines give the lines of the very time again that was read up to. */
async function readOne(
  { docker }: OpenEngine,
  id: string,
  before: ReadUpTo,
  take: TakeTimed,
  signal: AbortSignal,
): Promise<ReadUpTo> {
  const { Config } = await docker.getContainer(id).inspect({ abortSignal: signal });
  const frames = Config.Tty ? undefined : new FrameReader();
  const enough = new AbortController();
  const rests = { stdout: '', stderr: '' };
  let size = 0;
  let upTo = { time: before.time, lines: 0 };
  const taker = {
    isFull: false,
    onRoom: () => undefined,
    read(chunk: Buffer) {
      size += chunk.length;
      for (const { channel, bytes } of frames?.read(chunk) ?? [
        { channel: 'stdout' as const, bytes: chunk },
      ]) {
        const lines = (rests[channel] + Buffer.from(bytes).toString('utf8')).split('\n');
        rests[channel] = (lines.pop() ?? '').slice(0, longest);
        for (const line of lines) {
          const blank = line.indexOf(' ');
          const time = line.slice(0, blank);
          if (blank < 0 || compareTimes(time, before.time) < 0) continue;
          const order = compareTimes(time, upTo.time);
          if (order > 0) upTo = { time, lines: 1 };
          else if (order === 0) upTo = { time, lines: upTo.lines + 1 };
          if (order === 0 && time === before.time && upTo.lines <= before.lines) continue;
          take(time, line.slice(blank + 1, blank + 1 + longest).replace(/\r$/, ''));
        }
      }
      if (size > mostRead) enough.abort();
    },
  };
  const query = { follow: false, since: secondsOf(before.time) };
  const reading = { query, taker, begun: () => undefined };
  try {
    await readLog(docker, id, reading, AbortSignal.any([signal, enough.signal]));
  } catch (error) {
    // The next look goes on from there.
    if (!enough.signal.aborted || signal.aborted) throw error;
  }
  // Where nothing came again, what was known holds.
  return upTo.time === before.time && upTo.lines < before.lines ? before : upTo;
}

/** Seconds since 1970 with nanoseconds, of a time with nanoseconds. */
function secondsOf(time: string): string {
  const [, nanos = ''] = /\.(\d+)/.exec(time) ?? [];
  return `${Math.floor(Date.parse(time) / 1000)}.${nanos.padEnd(9, '0').slice(0, 9)}`;
}
