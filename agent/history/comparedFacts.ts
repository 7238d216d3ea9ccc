import type { IdentityFact } from '../protocol/plan';
import type { RunComparison } from '../protocol/history';
import type { RunRecord } from '../protocol/runs';
import type * as z from 'zod';

type Fact = z.infer<typeof RunComparison>['facts'][number];

/** What was not the same when the two began: inputs, as whom and where they acted, commit, user, host. */
export function comparedFacts(left: RunRecord, right: RunRecord): Fact[] {
  const [before, after] = [factsOf(left), factsOf(right)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap(name => {
    const [one, other] = [before.get(name), after.get(name)];
    if (one?.exact === other?.exact) return [];
    const isTold = one?.text !== other?.text;
    return [{ name, ...side('left', one, isTold), ...side('right', other, isTold) }];
  });
}

/** What a person reads, and what is compared. */
interface Told {
  readonly text: string;
  readonly exact: string;
}

function factsOf(run: RunRecord): Map<string, Told> {
  const facts = new Map<string, Told>();
  const add = (name: string, text: string | undefined, exact = text): void => {
    if (text !== undefined) facts.set(name, { text, exact: exact ?? text });
  };
  add('runbook', run.file);
  for (const [name, value] of Object.entries(run.inputs ?? {})) add(`input ${name}`, value);
  for (const fact of run.identity ?? []) add(`identity ${fact.kind}`, fact.label, exactly(fact));
  for (const [name, version] of Object.entries(run.tools ?? {})) add(name, version);
  add('commit', run.commit === undefined ? undefined : `${run.commit}${run.dirty ? ' and changes' : ''}`);
  add('user', run.user);
  add('host', run.host);
  return facts;
}

function exactly({ values }: IdentityFact): string {
  return Object.keys(values)
    .sort()
    .map(name => `${name}=${values[name]}`)
    .join(', ');
}

/** Two identities may be called the same and not be: then their values are told. */
function side(name: 'left' | 'right', told: Told | undefined, isTold: boolean): Partial<Fact> {
  return told === undefined ? {} : { [name]: isTold ? told.text : `${told.text} (${told.exact})` };
}
