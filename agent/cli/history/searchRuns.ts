import { termsOf } from '../../store/search/searchQuery';
import type { RunStore, SearchHit, SearchQuery } from '../../store/types';
import type { Call } from '../call';
import { exitCodes } from '../exitCodes';
import { signOf } from '../present/wordStep';
import { sayMoment } from '../../protocol/words';
import { printRows } from '../terminal/columns';
import type { Paint } from '../terminal/paint';
import { plain, sayCount, sayRunbook } from '../terminal/words';
import { withHistory } from './openHistory';
import type { RunsQuery } from './runsCommand';

/** `handrail runs --search TEXT`: steps by what they printed, their text and their name. */
export async function searchRuns(
  call: Call,
  query: string,
  { limit, file, state }: RunsQuery,
): Promise<number> {
  const { options, terminal } = call;
  const wanted = {
    query,
    limit: state === undefined ? limit : mostLookedAt,
    ...(file === undefined ? {} : { file }),
  };
  const found = await withHistory(call, store => searchAll(store, wanted));
  const hits = (found?.hits ?? [])
    .filter(({ run }) => state === undefined || run.state === state)
    .slice(0, limit);
  if (options.flag('json')) void terminal.stdout.write(`${JSON.stringify(hits, null, 2)}\n`);
  else if (hits.length === 0) void terminal.stderr.write(`${wordNothing(query)}\n`);
  else
    printRows(
      terminal.stdout,
      hits.map(hit => row(hit, terminal.stdout.paint, Date.now())),
    );
  if (found?.unindexed !== undefined) void terminal.stderr.write(`${wordUnindexed(found.unindexed)}\n`);
  return exitCodes.passed;
}

/** Where much is not in the index yet, a person waits some seconds for it, and the next search goes on. */
function searchAll(store: RunStore, query: SearchQuery): ReturnType<RunStore['search']> {
  const until = performance.now() + longestWait;
  let found = store.search(query);
  while (found.unindexed !== undefined && performance.now() < until) {
    const { unindexed } = found;
    found = store.search(query);
    // A history that can only be read stays as it is.
    if (found.unindexed === unindexed) break;
  }
  return found;
}

function wordNothing(query: string): string {
  if (termsOf(query).length > 0) return 'Nothing found.';
  return 'Nothing to look for: words and numbers are found, and there is none in it.';
}

function wordUnindexed(count: number): string {
  return `Not looked through: ${sayCount(count, 'older run')}, recorded before output could be searched. The next search goes on with them.`;
}

/** Milliseconds. */
const longestWait = 5000;

/** The index does not know how runs ended: where that is asked for, so many are looked through. */
const mostLookedAt = 1000;

/** `8f3a…  deploy-shop  ✗ smoke-test  yesterday 18:02  status was 503, wanted 200` */
function row({ run, name, state, excerpt }: SearchHit, paint: Paint, now: number): string[] {
  const [mark] = signOf({ state }, paint);
  return [
    run.id,
    sayRunbook(run.file),
    `${mark} ${plain(name)}`,
    sayMoment(run.startedAt, now),
    plain(excerpt),
  ];
}
