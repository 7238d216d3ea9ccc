import type { RunRecord, StepRecord } from '../../../agent/protocol/runs';

/** A step that has not begun. */
export function sampleStep(index: number, change: Partial<StepRecord> = {}): StepRecord {
  return {
    index,
    name: `step-${index}`,
    key: { section: 'Deploy', hash: `hash-${index}`, ordinal: 0, index },
    language: 'bash',
    line: 10 + index,
    section: ['Deploy'],
    text: `echo ${index}\n`,
    state: 'pending',
    attempt: 0,
    tty: false,
    outputSeq: 0,
    outputBytes: 0,
    ...change,
  };
}

/** A run that has begun, of `steps` steps. */
export function sampleRun(id: string, steps = 2, change: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    file: '/books/deploy.md',
    title: 'Deploy',
    state: 'running',
    seq: 1,
    startedAt: 1_700_000_000_000,
    stepsTotal: steps,
    stepsDone: 0,
    by: 'cli',
    user: 'ana',
    textHash: '0123456789abcdef',
    cwd: '/books',
    host: 'box',
    steps: Array.from({ length: steps }, (_, index) => sampleStep(index)),
    ...change,
  };
}

/** A process that is not there. */
export const goneHost = { pid: 2 ** 30, startTime: '1' };
