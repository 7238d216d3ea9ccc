import { durationText } from '../runbook/duration';
import type { PlannedStepView } from './plan';

/** What is said of few steps, in the words of its attributes. */
export function lesserRemarks(step: PlannedStepView): (readonly [what: string, value: string | undefined])[] {
  const { cwd, env, expectExit, retryDelay, strict, tty, mime, interpreter, fresh, user } = step;
  const set = env && Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [
    ['retry-delay', retryDelay === undefined ? undefined : durationText(retryDelay)],
    ['cwd', cwd],
    ['env', set?.join(',')],
    ['expect-exit', expectExit?.join(',')],
    ['strict=false', strict === undefined ? undefined : ''],
    ['tty', tty],
    ['mime', mime],
    ['interpreter', interpreter?.join(' ')],
    ['fresh', fresh === undefined ? undefined : ''],
    ['user', user],
  ];
}
