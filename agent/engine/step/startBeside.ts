import type { Ending, OutputSink } from '../../executors/executor';
import { guardSpec } from './cellSpec';
import { cellEnd } from './runStep';
import type { StepSetting } from './runStep';
import type { StepEnd } from './stepEnd';

/** A cell that runs beside the others. */
export interface Beside {
  /** How it ended, once it has. */
  readonly ending: Ending | undefined;
  /** Whether the step's control stops it. */
  readonly isHeld: boolean;
  /** Settles when it has ended; never for what is not ours to wait for. */
  readonly ended: Promise<unknown>;
  /** Ends it; settles when it is gone. */
  stop(reason: 'cancel' | 'timeout'): Promise<void>;
}

/**
 * Waits until a cell that runs beside the others is ready: its `ready` command exits 0, or it has lived for a moment.
 * One that does not become ready is ended.
 */
export async function untilReady(beside: Beside, setting: StepSetting): Promise<StepEnd> {
  const { ready } = setting.step.options;
  const trouble =
    ready === undefined ? await livesOn(beside, setting) : await answers(beside, ready, setting);
  if (trouble === undefined) {
    return beside.ending ? cellEnd(beside.ending, setting.step) : { state: 'passed' };
  }
  await endBeside(beside, setting, trouble.reason === 'timeout' ? 'timeout' : 'cancel');
  return trouble;
}

/** Ends what runs beside the others; settles when it is gone. */
export async function endBeside(
  beside: Beside,
  { control }: Pick<StepSetting, 'control'>,
  reason: 'cancel' | 'timeout',
): Promise<void> {
  if (beside.ending !== undefined) return;
  // Who has cancelled the step has begun to stop it: a second word would be the next rung of the ladder.
  if (control.isCancelled && beside.isHeld) await beside.ended;
  else await beside.stop(reason);
}

async function livesOn(beside: Beside, { control, step }: StepSetting): Promise<StepEnd | undefined> {
  await Promise.race([control.pause(firstMoment), beside.ended]);
  if (control.isCancelled) return cancelled;
  const end = beside.ending && cellEnd(beside.ending, step);
  return end?.state === 'failed' ? end : undefined;
}

async function answers(beside: Beside, ready: string, setting: StepSetting): Promise<StepEnd | undefined> {
  const { control, clock, timeout = longestWait, spec, step, session, sink } = setting;
  const deadline = clock.elapsed() + timeout;
  let answered: Answered | undefined;
  for (let wait = shortestPause; ; wait = Math.min(longestPause, wait * 2)) {
    const said = new LastWords();
    const left = deadline - clock.elapsed();
    const ending = await control.execute(
      () => session.run(guardSpec(spec, ready, step.cell.line), said),
      Math.max(1, left),
    );
    if (control.isCancelled) return cancelled;
    if (beside.ending) return endedEarly(beside.ending, setting);
    if (ending.reason === 'exit' && ending.exit === 0) return undefined;
    // One that the deadline has cut off says less than the one before it.
    if (ending.reason === 'exit' || answered === undefined) answered = { ending, said };
    const rest = deadline - clock.elapsed();
    if (rest <= 0 || ending.reason === 'error') {
      const last = ending.reason === 'error' ? { ending, said } : answered;
      await sink.write('stderr', last.said.bytes);
      return { state: 'failed', reason: 'timeout', message: wordNotReady(ready, last, timeout) };
    }
    await Promise.race([control.pause(Math.min(wait, rest)), beside.ended]);
  }
}

/** Milliseconds that a cell without `ready` has to live. */
const firstMoment = 300;
/** Milliseconds. */
const shortestPause = 100;
const longestPause = 2000;
const longestWait = 60_000;

const cancelled: StepEnd = { state: 'cancelled', reason: 'cancel' };

function endedEarly(ending: Ending, { step }: StepSetting): StepEnd {
  const end = cellEnd(ending, step);
  const how = ending.signal ?? (ending.exit === undefined ? ending.reason : `exit ${ending.exit}`);
  const message = ending.message ?? `It ended (${how}) before it was ready`;
  return { ...end, state: end.state === 'cancelled' ? 'cancelled' : 'failed', message };
}

/** The last try that came to an answer, or the first one where none did. */
interface Answered {
  readonly ending: Ending;
  readonly said: LastWords;
}

function wordNotReady(ready: string, { ending, said }: Answered, limit: number): string {
  const { reason, exit, message } = ending;
  if (reason === 'error') return `ready could not be asked: ${message ?? ready}`;
  const how = reason === 'exit' ? `last exited ${exit ?? 1}` : 'did not answer';
  const line = said.lastLine;
  const words = line === '' ? '' : `\nready said: ${line}`;
  return `not ready within ${limit / 1000} s, so it was ended; ready ${how}: ${ready}${words}`;
}

/** The beginning of what the last try printed: of a try that is repeated nobody wants to read more. */
class LastWords implements OutputSink {
  bytes: Uint8Array = new Uint8Array();

  write(_stream: unknown, bytes: Uint8Array): void {
    const room = 4096 - this.bytes.length;
    if (room > 0) this.bytes = Buffer.concat([this.bytes, bytes.subarray(0, room)]);
  }

  /** At most 200 characters of it. */
  get lastLine(): string {
    return (
      Buffer.from(this.bytes)
        .toString()
        .trimEnd()
        .split(/[\r\n]/)
        .at(-1) ?? ''
    )
      .trim()
      .slice(0, 200);
  }
}
