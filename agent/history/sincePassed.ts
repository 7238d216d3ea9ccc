import type { RunRecord, StepRecord } from '../protocol/runs';
import type { RunStore } from '../store/types';
import { comparedFacts } from './comparedFacts';

/** Compares a step that failed with the last time it passed; undefined where it never did. */
export function sincePassed(
  store: Pick<RunStore, 'passedBefore'>,
  run: RunRecord,
  step: StepRecord,
): StepRecord['since'] {
  const before = store.passedBefore(run, step.name);
  const passed = before?.steps.find(({ name, state }) => name === step.name && state === 'passed');
  if (before === undefined || passed === undefined) return undefined;
  // As the author wrote it: an input that is filled in changes the text that runs.
  const isSame = passed.key.hash === step.key.hash;
  const facts = comparedFacts(before, run).filter(({ name }) => name !== 'commit' || isSame);
  const edited = isSame ? [] : ['cell edited'];
  const changes = [...facts.flatMap(fact => wordFact(fact) ?? []), ...edited];
  return { passedAt: passed.endedAt ?? before.startedAt, changes };
}

function wordFact({ name, left, right }: ReturnType<typeof comparedFacts>[number]): string | undefined {
  const [before, now] = [left ?? 'none', right ?? 'none'].map(value => short(name, value));
  // What is beyond the part that is told.
  if (before === now) return undefined;
  return `${name.replace(/^(input|identity) /, '')} ${before} → ${now}`;
}

function short(name: string, value: string): string {
  const [first = ''] = value.split('\n');
  const most = name === 'commit' ? 10 : 60;
  return first.length <= most ? first : `${first.slice(0, most)}…`;
}
