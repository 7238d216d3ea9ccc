import type { ResultOf } from '../protocol/message';
import type {
  exportOutput,
  outputText,
  PassOver,
  readOutput,
  resizeTerminal,
  writeInput,
} from '../protocol/output';
import type { StepRecord } from '../protocol/runs';
import type { Agent } from './agent';
import { exportName } from './exportName';
import { exportToFile } from './exportToFile';
import { findRun, findRunning, findStep } from './findRun';
import { joinChunks } from './joinChunks';
import { readableEnd } from '../text/readableEnd';

interface OneStep {
  readonly run: string;
  readonly step: number;
}

/** Answers {@link readOutput}, from the store, whether the step is running or has ended. */
export function readStepOutput(
  {
    run,
    step,
    after,
    maxBytes,
    passOver,
  }: OneStep & { after: number; maxBytes: number; passOver?: PassOver | undefined },
  agent: Agent,
): ResultOf<typeof readOutput> {
  const engine = agent.engine();
  const record = findRun(engine, run);
  // Looked at first: of a step that has ended by now the output read below is complete.
  const hasEnded = !isOpen(findStep(record, step));
  const page = engine.store.readOutput(record.id, step, after, maxBytes, passOver);
  return {
    pieces: joinChunks(page.chunks),
    seq: page.seq,
    cutBytes: page.cutBytes,
    skippedBytes: page.skippedBytes ?? 0,
    ended: hasEnded && !page.more,
    more: page.more,
  };
}

/** Answers {@link outputText}. */
export async function tellOutputText(
  { run, step, maxBytes }: OneStep & { maxBytes: number },
  agent: Agent,
): Promise<ResultOf<typeof outputText>> {
  const engine = agent.engine();
  const record = findRun(engine, run);
  findStep(record, step);
  return readableEnd(bytes => engine.store.tailOutput(record.id, step, bytes), maxBytes);
}

/** Answers {@link exportOutput}. */
export async function exportStepOutput(
  { run, step }: OneStep,
  agent: Agent,
): Promise<ResultOf<typeof exportOutput>> {
  const engine = agent.engine();
  const record = findRun(engine, run);
  const name = exportName(findStep(record, step), record);
  const read = (after: number, bytes: number) => engine.store.readOutput(record.id, step, after, bytes);
  return { path: await exportToFile(agent.exports, name, read) };
}

/** Answers {@link writeInput}. */
export function writeToStep(
  { run, step, data }: OneStep & { data: string },
  agent: Agent,
): ResultOf<typeof writeInput> {
  findRunning(agent.engine(), run, step).write(step, Buffer.from(data, 'base64'));
  return {};
}

/** Answers {@link resizeTerminal}. */
export function resizeStep(
  { run, step, columns, rows }: OneStep & { columns: number; rows: number },
  agent: Agent,
): ResultOf<typeof resizeTerminal> {
  findRunning(agent.engine(), run, step).resize(step, columns, rows);
  return {};
}

function isOpen(step: StepRecord): boolean {
  return step.state === 'pending' || step.state === 'running';
}
