import type { RunSummary, StepRecord } from '../../agent/protocol/runs';

/** A step as recorded, for tests that change what they are about. */
export const someStep: StepRecord = {
  index: 0,
  name: 'drain',
  key: { section: 'Restart', hash: '0000000000000000', ordinal: 0, index: 0 },
  language: 'bash',
  line: 12,
  section: ['Restart'],
  text: 'kubectl drain node\n',
  state: 'passed',
  attempt: 1,
  tty: true,
  outputSeq: 0,
  outputBytes: 0,
};

/** A run as listed, for tests that change what they are about. */
export const someRun: RunSummary = {
  id: '8f3a',
  file: '/home/ana/docs/deploy-shop.md',
  title: 'Deploy the shop',
  state: 'passed',
  seq: 1,
  startedAt: 0,
  stepsTotal: 9,
  stepsDone: 9,
  by: 'editor',
  user: 'ana',
};
