import type { Ending, OutputSink } from '../../executors/executor';
import { omit } from '../omit';
import { guardSpec } from './cellSpec';
import type { StepSetting } from './runStep';
import type { StepEnd } from './stepEnd';

/** What the guards of a step came to: how it ends already, or that it goes on, and what is doubtful about that. */
export type Guarded = { readonly end: StepEnd } | { readonly end?: never; readonly doubt?: string };

/** Asks `when` and `unless`. One that could not answer decides as a no would, and that is said. */
export async function askGuards(setting: StepSetting): Promise<Guarded> {
  const { when, unless } = setting.step.options;
  const first = when === undefined ? 0 : await ask(when, setting);
  if (typeof first === 'object') return { end: first };
  if (when !== undefined && first !== 0) {
    const why = (await doubt('when', when, first, setting)) ?? `when exited ${first}`;
    return { end: { state: 'skipped', reason: 'guard', message: `${why}: ${when}` } };
  }
  if (unless === undefined) return {};
  const second = await ask(unless, setting);
  if (typeof second === 'object') return { end: second };
  if (second === 0)
    return { end: { state: 'skipped', reason: 'satisfied', message: `done already: ${unless}` } };
  const why = await doubt('unless', unless, second, setting);
  return why === undefined ? {} : { doubt: `${why}: ${unless}` };
}

/** How a step ends whose `verify` does not say yes. */
export async function verify(setting: StepSetting): Promise<StepEnd | undefined> {
  const command = setting.step.options.verify;
  const said = command === undefined ? 0 : await ask(command, setting);
  if (typeof said === 'object') return said;
  if (said === 0) return undefined;
  return { state: 'failed', reason: 'exit', exit: said, message: `verify exited ${said}: ${command}` };
}

/** The exit code of a command that guards the step, or how the step ends because there is none. */
async function ask(command: string, setting: StepSetting): Promise<number | StepEnd> {
  const { sink } = setting;
  // Recorded, but not the cell's stdout.
  const aside: OutputSink = {
    write: (stream, bytes) => sink.write(stream === 'stdout' ? 'stderr' : stream, bytes),
  };
  const ending = await execute(command, setting, aside);
  if (ending.reason === 'exit') return ending.exit ?? 0;
  const message = ending.message ?? `while it ran ${command}`;
  const state = ending.reason === 'cancel' ? 'cancelled' : 'failed';
  return { ...omit(ending, 'failedLine'), message, state };
}

/** Why an exit code is rather no answer than a no. */
async function doubt(
  guard: 'when' | 'unless',
  command: string,
  exit: number,
  setting: StepSetting,
): Promise<string | undefined> {
  const why = exit === misread ? await misreading(command, setting) : cannot.get(exit);
  const outcome = guard === 'when' ? 'skipped' : 'run';
  return why && `${guard} could not answer (exit ${exit}: ${why}), so the cell was ${outcome}`;
}

/** Many commands exit so, and only the shell can tell: it reads all of this and runs nothing. */
async function misreading(command: string, setting: StepSetting): Promise<string | undefined> {
  const { reason, exit } = await execute(`if false; then\n${command}\nfi`, setting, nowhere);
  return reason === 'exit' && exit !== 0 ? 'the shell cannot read it' : undefined;
}

function execute(command: string, setting: StepSetting, sink: OutputSink): Promise<Ending> {
  const { step, spec, session, control, timeout } = setting;
  return control.execute(() => session.run(guardSpec(spec, command, step.cell.line), sink), timeout);
}

const nowhere: OutputSink = { write: () => undefined };

/** Exit codes of shells: what it cannot read, what it cannot execute, what it does not find. */
const misread = 2;
const cannot: ReadonlyMap<number, string> = new Map([
  [126, 'a command in it cannot be executed'],
  [127, 'a command in it was not found'],
]);
