import type { Report } from '../../../agent/report/report';
import type { RunRecord, StepRecord } from '../../../agent/protocol/runs';

const start = Date.UTC(2026, 2, 1, 9, 10);

/** A run of four steps of which the third fails; `changes` replaces what a test is about. */
export function sampleReport(changes: Partial<RunRecord> = {}): Report {
  const run: RunRecord = {
    id: '8f3a5c0011aa',
    file: '/repo/docs/restart-api.md',
    title: 'Restart the API',
    state: 'failed',
    seq: 9,
    startedAt: start,
    endedAt: start + 64_000,
    stepsTotal: 4,
    stepsDone: 3,
    step: 'restart',
    by: 'cli',
    user: 'ana',
    textHash: 'aa',
    cwd: '/repo',
    host: 'laptop',
    commit: '0123456789abcdef',
    dirty: true,
    inputs: { service: 'api', token: '•••' },
    identity: [{ kind: 'kube', label: 'prod-eu as ana', values: { context: 'prod-eu' }, held: true }],
    steps: [
      sampleStep(0, {
        name: 'find-pods',
        startedAt: start,
        endedAt: start + 400,
        outputs: { POD: 'api-6d4f' },
      }),
      sampleStep(1, { name: 'drain', startedAt: start + 400, endedAt: start + 60_000, attempt: 2 }),
      sampleStep(2, {
        name: 'restart',
        state: 'failed',
        exit: 7,
        startedAt: start + 60_000,
        endedAt: start + 64_000,
        failedLine: 41,
        message: 'no such release: api-2',
      }),
      sampleStep(3, { name: 'smoke-test', state: 'not-run', attempt: 0, message: 'not run: restart failed' }),
    ],
    ...changes,
  };
  const outputs = new Map([
    [0, { text: 'api-6d4f  0/1  Running\n', cut: false }],
    [2, { text: 'deploy.sh: no such release: api-2\n', cut: true }],
  ]);
  return { run, outputs };
}

export function sampleStep(index: number, changes: Partial<StepRecord> = {}): StepRecord {
  const name = changes.name ?? `step-${index}`;
  return {
    index,
    name,
    key: { name, section: 'Restart', hash: `${index}`, ordinal: 0, index },
    language: 'bash',
    line: 10 * (index + 1),
    section: ['Restart'],
    text: `./${name}.sh\n`,
    state: 'passed',
    attempt: 1,
    reason: 'exit',
    exit: 0,
    tty: false,
    outputSeq: 1,
    outputBytes: 10,
    ...changes,
  };
}

/** Text that would be markup, a command or the end of something in one format or another. */
export const hostile =
  '<script>alert(1)</script> ]]> "q" \'s\' ::error::x\n::warning::y %0A ``` | **b** [l](command:x) \u0007\u001b]0;t\u0007 \ud800';
