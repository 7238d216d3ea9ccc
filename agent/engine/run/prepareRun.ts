import type { Course } from './course';
import { holdIdentity } from './holdIdentity';
import type { RunSetting } from './runSetting';
import { rewound } from '../session/passedCells';

/** Before the first step: the session is as the run that is continued left it, it acts where it is meant to, and what is required is there. */
export async function prepareRun(setting: RunSetting, course: Course): Promise<void> {
  if (!course.isOver) await restoreState(setting, course);
  if (!course.isOver) holdIdentity(setting, course);
  if (!course.isOver) await meetRequirements(setting, course);
}

async function meetRequirements(setting: RunSetting, course: Course): Promise<void> {
  const { plan, recorder, lease, checkRequirements } = setting;
  if (plan.requires.length > 0)
    recorder.say(`looks whether ${plan.requires.map(({ name }) => name).join(', ')} is there`);
  // As the steps will see it: an earlier run of a kept session, or the front matter, may have changed PATH.
  const { env, cwd } = lease.session;
  const found = await checkRequirements(plan, { env: Object.fromEntries(env), cwd }, course.signal);
  recorder.say(undefined);
  const versions = found.flatMap(({ name, found: version = '' }) =>
    /^v?\d/.test(version) ? [[name, version]] : [],
  );
  if (versions.length > 0) recorder.changeTools(Object.fromEntries(versions) as Record<string, string>);
  if (course.isCancelled) return;
  const problems = found.flatMap(({ problem, file, line, column }) =>
    problem === undefined ? [] : [`${file}:${line}:${column}: ${problem}`],
  );
  if (problems.length > 0) course.fail(problems.join('\n'), 'what it requires is not there');
}

async function restoreState({ lease, restore, clock }: RunSetting, course: Course): Promise<void> {
  if (restore === undefined) return;
  try {
    await lease.session.restore(restore.path);
    const passed = rewound(lease.passed, restore, clock.now());
    lease.passed.clear();
    for (const [key, time] of passed) lease.passed.set(key, time);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = `The state of the session could not be restored from ${restore.path}: ${error.message}`;
    course.fail(`${why}. Run the whole again: the file may be damaged.`, 'its state could not be restored');
  }
}
