import { changedIdentity } from '../../identity/changedIdentity';
import { HandrailError } from '../../protocol/errors';
import type { Plan } from '../types';
import type { Course } from './course';
import type { RunSetting } from './runSetting';

/**
 * Holds a run that waited for its session to the identity that its steps will find there: the runs before it may have
 * changed it since the plan was made. Where that changes what is asked or allowed, it is not started.
 */
export function holdIdentity({ plan, planAgain, lease, held, recorder }: RunSetting, course: Course): void {
  if (lease.waitsFor === undefined) return;
  const { env, cwd } = lease.session;
  const now = planned(() => planAgain({ env: Object.fromEntries(env), cwd }));
  if (typeof now === 'string') return stop(course, now);
  if (termsOf(now) !== termsOf(plan)) {
    const change = changedIdentity(plan.identity, now.identity);
    const what = change && `${change.kind} was ${change.before} and is ${change.now}, and with it `;
    return stop(course, `${what ?? ''}what its steps must be asked for is another`);
  }
  held.facts = now.identity;
  recorder.changeIdentity([...now.identity]);
}

function stop(course: Course, why: string): void {
  const message = `While it waited for the session, its plan has changed: ${why}. Nothing was started: look at the plan, and start it again.`;
  course.fail(message, 'its plan has changed');
}

function planned(plan: () => Plan): Plan | string {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    return error.message;
  }
}

/** What a person, a configuration or a rule has said yes to. */
function termsOf({ steps }: Plan): string {
  return JSON.stringify(
    steps.map(({ cell, from, options, askedBy, typed, limit }) => {
      return [cell.index, from.file, options.confirm, askedBy, typed, limit];
    }),
  );
}
