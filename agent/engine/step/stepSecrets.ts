import type { Session } from '../../executors/executor';
import { HandrailError } from '../../protocol/errors';
import { omit } from '../omit';
import type { RunSetting } from '../run/runSetting';
import type { StepControl } from './stepControl';
import type { PlannedStep } from '../types';

/** The secrets of a step, or why it has not got them. */
export type StepSecrets = { readonly values: ReadonlyMap<string, string> } | { readonly error: string };

/**
 * Fetches what a step names, and what the session's state lacks, and has the session keep it out of its files. Says
 * what it waits for where that takes long. No cell runs in a state that lacks a secret: in its variables stands what
 * is none of their values.
 */
export async function stepSecrets(
  step: PlannedStep,
  control: StepControl,
  setting: RunSetting,
): Promise<StepSecrets> {
  // That of the run, also where the step has a copy of it: it gets the variables that the step gives.
  const { session } = setting.lease;
  const { secrets } = setting;
  const names = [...new Set([...step.secrets, ...step.secretInputs])];
  const lacking = await restoreLacking(session, control, setting);
  if (lacking !== undefined) return { error: lacking };
  if (names.length === 0) return { values: new Map() };
  const values = await fetchNamed(names, step, control, setting);
  if (typeof values === 'string') return { error: values };
  session.protect(secrets.fetched);
  return logUse(names, step, setting) ?? { values };
}

/** Why the state still lacks some, if it does. */
async function restoreLacking(
  session: Session,
  control: StepControl,
  { secrets }: RunSetting,
): Promise<string | undefined> {
  for (const name of session.lacking) {
    if (!secrets.names.has(name)) return wordLacking(name, undeclared);
    try {
      session.protect(await secrets.fetch([name], control.signal));
    } catch (error) {
      if (control.isCancelled) return 'cancelled';
      if (!(error instanceof HandrailError)) throw error;
      return wordLacking(name, error.message);
    }
  }
  return undefined;
}

const undeclared =
  'The runbook does not declare it any more, or it is an input that was not given: give it, or run the whole again.';

function wordLacking(name: string, why: string): string {
  return `Variables or functions of the session hold the secret ${name}, which cannot be put back. ${why}`;
}

/** The values, or why they are not there. */
async function fetchNamed(
  names: readonly string[],
  step: PlannedStep,
  control: StepControl,
  { secrets, recorder, clock, timeout }: RunSetting,
): Promise<ReadonlyMap<string, string> | string> {
  const { index } = step;
  const limit = limitOf(step, timeout);
  const missing = names.filter(name => !secrets.fetched.has(name));
  const say = (): void =>
    recorder.changeSteps([{ ...recorder.step(index), message: `fetching secret ${missing.join(', ')}` }]);
  const timer = missing.length === 0 ? undefined : clock.after(quietFor, say);
  const late = new AbortController();
  const end = limit === undefined ? undefined : clock.after(limit.ms, () => late.abort());
  try {
    return await secrets.fetch(names, AbortSignal.any([control.signal, late.signal]));
  } catch (error) {
    if (late.signal.aborted) return wordLate(missing, limit);
    if (error instanceof HandrailError) return error.message;
    if (control.isCancelled) return 'cancelled';
    throw error;
  } finally {
    timer?.dispose();
    end?.dispose();
    if (recorder.step(index).message !== undefined)
      recorder.changeSteps([omit(recorder.step(index), 'message')]);
  }
}

/** Fetching is as limited as each thing that the step executes. */
interface Limit {
  readonly ms: number;
  readonly said: string;
}

function limitOf({ options, limit }: PlannedStep, ofRun: number | undefined): Limit | undefined {
  const own: readonly (readonly [ms: number | undefined, said: string])[] = [
    [limit, 'the limit that a rule sets'],
    [options.timeout, 'timeout='],
    [options.timeout === undefined ? ofRun : undefined, 'the limit of this run'],
  ];
  const known = own.flatMap(([ms, said]) => (ms === undefined ? [] : [{ ms, said }]));
  // Of equal ones the first: a rule is told as part of the options, too.
  return known.sort((a, b) => a.ms - b.ms)[0];
}

function wordLate(names: readonly string[], limit: Limit | undefined): string {
  const within = limit === undefined ? 'in time' : `within ${limit.ms / 1000} s (${limit.said})`;
  return `No answer for secret ${names.join(', ')} ${within}, so the cell was not started`;
}

/** Milliseconds until a person is told what is waited for. */
const quietFor = 1000;

/** What cannot be logged is not used. */
function logUse(
  names: readonly string[],
  { cell }: PlannedStep,
  { audit, plan }: RunSetting,
): { error: string } | undefined {
  const providers = new Map(plan.secrets.map(({ name, provider }) => [name, provider]));
  try {
    for (const name of names) audit.secretUsed(name, providers.get(name) ?? 'input', cell.name);
    return undefined;
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    return { error: error.message };
  }
}
