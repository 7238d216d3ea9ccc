import * as assert from 'node:assert/strict';
import { sincePassed } from '../../../agent/history/sincePassed';
import type { RunRecord, StepRecord } from '../../../agent/protocol/runs';
import { hashText } from '../../../agent/runbook/cellKey';
import { sampleRun, sampleStep } from '../store/sampleRun';

function runOf(
  text: string,
  state: StepRecord['state'],
  change: Partial<RunRecord> = {},
  written = text,
): RunRecord {
  const key = { section: '', hash: hashText(written), ordinal: 0, index: 0 };
  const step = sampleStep(0, { name: 'restart', key, text, state, startedAt: 1000, endedAt: 2000 });
  return sampleRun('aa', 1, { steps: [step], ...change });
}

function changes(before: RunRecord | undefined, now: RunRecord): StepRecord['since'] {
  const [step] = now.steps;
  assert.ok(step);
  return sincePassed({ passedBefore: () => before }, now, step);
}

const rows: readonly (readonly [
  what: string,
  before: Partial<RunRecord>,
  now: Partial<RunRecord>,
  told: string[],
])[] = [
  ['nothing', {}, {}, []],
  ['an input', { inputs: { service: 'api' } }, { inputs: { service: 'web' } }, ['service api → web']],
  ['a tool', { tools: { kubectl: '1.29.0' } }, { tools: { kubectl: '1.31.2' } }, ['kubectl 1.29.0 → 1.31.2']],
  ['a commit', { commit: '1'.repeat(40) }, { commit: '2'.repeat(40) }, ['commit 1111111111… → 2222222222…']],
  [
    'only whether files were changed',
    { commit: '1'.repeat(40) },
    { commit: '1'.repeat(40), dirty: true },
    [],
  ],
  [
    'whom it acted as',
    { identity: [{ kind: 'kube', label: 'test as ana', values: { context: 'test' }, held: true }] },
    { identity: [{ kind: 'kube', label: 'prod as ana', values: { context: 'prod' }, held: true }] },
    ['kube test as ana → prod as ana'],
  ],
];

describe('what is not as it was when a step last passed', () => {
  for (const [what, before, now, told] of rows) {
    it(`tells ${what}`, () => {
      const since = changes(runOf('a\n', 'passed', before), runOf('a\n', 'failed', now));
      assert.deepEqual(since, { passedAt: 2000, changes: told });
    });
  }

  it('tells an edited cell, and then not the commit it was edited in', () => {
    const since = changes(
      runOf('a\n', 'passed', { commit: '1'.repeat(40) }),
      runOf('b\n', 'failed', { commit: '2'.repeat(40) }),
    );
    assert.deepEqual(since?.changes, ['cell edited']);
  });

  it('tells no edited cell where another input was filled in', () => {
    const written = 'print(${{ inputs.n }})\n';
    const before = runOf('print("1")\n', 'passed', { inputs: { n: '1' } }, written);
    const since = changes(before, runOf('print("2")\n', 'failed', { inputs: { n: '2' } }, written));
    assert.deepEqual(since?.changes, ['n 1 → 2']);
  });

  it('is nothing where the step never passed', () => {
    assert.equal(changes(undefined, runOf('a\n', 'failed')), undefined);
  });
});
