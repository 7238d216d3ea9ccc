import type { RunRecord, StepRecord } from '../../protocol/runs';
import { plain } from '../terminal/words';

/** What is recorded of a run beyond its heading, a line each: what it went on from, as whom, with which inputs. */
export function wordRun(run: RunRecord): string[] {
  const { continues, only, part, target, identity = [], inputs = {}, message } = run;
  const given = Object.entries(inputs).map(([name, value]) => `${name}=${value}`);
  return [
    ...(continues === undefined ? [] : [`${howWords[continues.how]} ${continues.run}`]),
    ...(only === undefined ? [] : [`only ${only}`]),
    ...(part === undefined ? [] : [part]),
    ...(target === undefined ? [] : [`asked to run on ${target}`]),
    ...identity.map(({ kind, label }) => `${kind}: ${label}`),
    ...(given.length === 0 ? [] : [`inputs: ${given.join(', ')}`]),
    ...(message === undefined ? [] : [message]),
  ].map(plain);
}

/** What is recorded of a step beyond how it ended, a line each. */
export function wordStepMore(
  { approvedBy, undoes, background, target, outputs = {} }: StepRecord,
  run: RunRecord,
): string[] {
  return [
    ...(undoes === undefined ? [] : [`undoes ${run.steps[undoes]?.name ?? `step ${undoes + 1}`}`]),
    ...(target === undefined ? [] : [`on ${target}`]),
    ...(approvedBy === undefined ? [] : [`approved by ${approvedBy}`]),
    ...(background === undefined ? [] : [wordBackground(background, run)]),
    ...Object.entries(outputs).map(([name, value]) => `${name}=${short(value)}`),
  ].map(plain);
}

/** What a run does with the one that it goes on from. */
export const howWords = { resume: 'resumes', rerun: 'repeats', rollback: 'undoes' } as const;

const backgroundWords = {
  running: 'runs on in the background',
  ended: 'ran in the background',
  detached: 'runs on after the run; to stop it: handrail cancel',
} as const;

function wordBackground(background: NonNullable<StepRecord['background']>, { id }: RunRecord): string {
  return background === 'detached' ? `${backgroundWords.detached} ${id}` : backgroundWords[background];
}

function short(value: string): string {
  return value.length <= 120 ? value : `${value.slice(0, 119)}…`;
}
