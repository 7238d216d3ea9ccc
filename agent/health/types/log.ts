import { resolve } from 'node:path';
import * as z from 'zod';
import { Duration } from '../../config/fields';
import { parseContainerTarget } from '../../runbook/containerTarget';
import { celDuration } from '../conditions/values';
import { ContainerLines, type LogTarget } from '../log/containerLines';
import { FollowedFile } from '../log/followedFile';
import { LinePattern } from '../log/linePattern';
import { lineTime } from '../log/lineTime';
import { LogHits } from '../log/logHits';
import { checkType, ProbeFailure, type ProbeWorld } from './checkType';

const LogPlace = z
  .string()
  .min(1)
  .transform((written, context): { written: string; target: LogTarget | undefined } => {
    const target = parseContainerTarget(written);
    if (target !== undefined && target.kind !== 'image') return { written, target };
    if (!/^(container|compose|image):/.test(written)) return { written, target: undefined };
    context.addIssue(`expected a file, container:NAME or compose:PROJECT/SERVICE, not ${written}`);
    return z.NEVER;
  });

const Options = z.strictObject({
  /** A file, `container:NAME` or `compose:PROJECT/SERVICE`. */
  log: LogPlace,
  pattern: LinePattern,
  /** How far back a line counts. */
  within: Duration.default(300_000),
});

/** Lines of a log that match, or do not. */
export const log = checkType({
  name: 'log',
  about:
    'lines of a file, `container:NAME` or `compose:PROJECT/SERVICE` that match an RE2 pattern within a time (5m)',
  options: Options,
  values: {
    count: ['int', 'lines that matched within the time; 10,000 stands for more'],
    age: ['duration', 'since the last of them', 'no line matched within the time'],
    line: ['string', 'the last of them', 'no line matched within the time'],
    lines: ['list', 'the last 20 of them'],
    watched: ['duration', 'since when the log is followed'],
    untimed: [
      'int',
      'lines that matched and were there before, without a time of their own; they are not counted',
    ],
    skipped: ['int', 'bytes passed over, because more than 16 MiB came from one look to the next'],
  },
  up: 'count == 0',
  subject: ({ log: { written }, pattern }) => `${pattern.written} in ${written}`,
  async probe(options, world) {
    const { log: place, within } = options;
    const followed = followedOf(options, world);
    const now = Date.now();
    await followed.read(now, world).catch((error: unknown) => {
      if (world.signal.aborted || error instanceof ProbeFailure) throw error;
      throw unreadable(place.written, error as NodeJS.ErrnoException);
    });
    const { count, last, lines } = followed.hits.from(now - within);
    const { untimed, skipped } = followed.missed();
    return {
      count: BigInt(count),
      ...(last !== undefined && { age: celDuration(Math.max(0, now - last)), line: lines.at(-1) ?? '' }),
      lines,
      watched: celDuration(now - followed.begun),
      untimed: BigInt(untimed),
      skipped: BigInt(skipped),
    };
  },
});

type Given = z.output<typeof Options>;

/** A log, and what was found in it up to now. */
interface Followed {
  readonly hits: LogHits;
  readonly begun: number;
  /** What was there and has no time, and bytes that were passed over. */
  missed(): { readonly untimed: number; readonly skipped: number };
  read(now: number, world: ProbeWorld): Promise<void>;
}

/** Logs that are remembered from look to look. */
const mostFollowed = 2000;

/** By what is looked for: checks are read anew when their file changes, and go on where they were. */
const allFollowed = new Map<string, Followed>();

function followedOf(given: Given, { folder, env }: ProbeWorld): Followed {
  const { log: place, pattern, within } = given;
  const engine = place.target === undefined ? [] : [env['DOCKER_HOST'], env['DOCKER_CONTEXT']];
  const key = JSON.stringify([resolve(folder, place.written), pattern.written, within, ...engine]);
  const known = allFollowed.get(key) ?? oneByOne(follow(given, folder));
  allFollowed.delete(key);
  allFollowed.set(key, known);
  const [oldest] = allFollowed.keys();
  if (allFollowed.size > mostFollowed && oldest !== undefined) allFollowed.delete(oldest);
  return known;
}

/** Two checks that look for the same do not read the same lines twice. */
function oneByOne(followed: Followed): Followed {
  let before: Promise<unknown> = Promise.resolve();
  const read: Followed['read'] = (now, world) => {
    const reading = before.then(() => followed.read(now, world));
    // Whoever asked is told why it failed; the next one reads anew.
    before = reading.catch(() => undefined);
    return reading;
  };
  return { ...followed, read };
}

function follow({ log: { written, target }, pattern, within }: Given, folder: string): Followed {
  const hits = new LogHits();
  const begun = Date.now();
  if (target !== undefined) {
    const containers = new ContainerLines(target);
    const take = (line: string, at: number): void => {
      if (pattern.matches(line)) hits.add(at, line);
    };
    const read: Followed['read'] = (now, world) => containers.read(now - within, take, world);
    return { hits, begun, missed: () => ({ untimed: 0, skipped: 0 }), read };
  }
  const file = new FollowedFile(resolve(folder, written));
  let untimed = 0;
  return {
    hits,
    begun,
    missed: () => ({ untimed, skipped: file.skipped }),
    async read(now, { signal }) {
      // The lines of a stack trace are of the time of the one above.
      let time: number | undefined;
      await file.read((line, isNew) => {
        if (!isNew) time = lineTime(line, now) ?? time;
        if (!pattern.matches(line)) return;
        // What has come since the last look is new, whatever clock it was written by.
        const at = isNew ? now : time;
        if (at === undefined) untimed++;
        else hits.add(Math.min(at, now), line);
      }, signal);
    },
  };
}

function unreadable(path: string, error: NodeJS.ErrnoException): ProbeFailure {
  const { code, message } = error;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new ProbeFailure(`${path} is not there`, { cause: error });
  const words = code === 'EACCES' ? 'it may not be read' : message;
  return new ProbeFailure(`${path}: ${words}`, { unknown: true, cause: error });
}
