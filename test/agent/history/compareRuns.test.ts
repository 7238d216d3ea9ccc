import assert from 'node:assert/strict';
import { areAlike, compareRuns } from '../../../agent/history/compareRuns';
import type { ComparableRun } from '../../../agent/history/compareRuns';
import type { RunRecord, StepRecord } from '../../../agent/protocol/runs';
import { sampleRun, sampleStep } from '../store/sampleRun';

function runOf(id: string, steps: readonly StepRecord[], change: Partial<RunRecord> = {}): RunRecord {
  return sampleRun(id, steps.length, { state: 'passed', steps: [...steps], ...change });
}

const silent = (run: RunRecord): ComparableRun => ({ run, output: () => '' });

function printing(run: RunRecord, texts: readonly string[]): ComparableRun {
  const steps = run.steps.map(step => ({ ...step, outputBytes: texts[step.index]?.length ?? 0 }));
  return { run: { ...run, steps }, output: step => texts[step] ?? '' };
}

const passed = (index: number, change: Partial<StepRecord> = {}): StepRecord =>
  sampleStep(index, { state: 'passed', exit: 0, reason: 'exit', startedAt: 0, endedAt: 100, ...change });

describe('comparing two runs', () => {
  it('finds nothing between a run and its like', () => {
    const steps = [passed(0), passed(1)];
    const comparison = compareRuns(silent(runOf('01', steps)), silent(runOf('02', steps)));
    assert.deepEqual(comparison.facts, []);
    assert.deepEqual(
      comparison.steps.map(({ changed }) => changed),
      [[], []],
    );
    assert.equal(areAlike(comparison), true);
    assert.equal('steps' in comparison.left, false);
  });

  it('tells what they began with', () => {
    const kube = (label: string, user: string): RunRecord['identity'] => [
      { kind: 'kube', label, values: { context: label, user }, held: true },
    ];
    const left = runOf('01', [], {
      inputs: { a: '1', b: '2' },
      identity: kube('prod', 'ana'),
      commit: 'abc',
    });
    const right = runOf('02', [], { inputs: { a: '1', c: '3' }, identity: kube('prod', 'bob'), user: 'bob' });
    assert.deepEqual(compareRuns(silent(left), silent(right)).facts, [
      { name: 'input b', left: '2' },
      {
        name: 'identity kube',
        left: 'prod (context=prod, user=ana)',
        right: 'prod (context=prod, user=bob)',
      },
      { name: 'commit', left: 'abc' },
      { name: 'user', left: 'ana', right: 'bob' },
      { name: 'input c', right: '3' },
    ]);
    const changed = compareRuns(silent(left), silent({ ...left, dirty: true }));
    assert.deepEqual(changed.facts, [{ name: 'commit', left: 'abc', right: 'abc and changes' }]);
  });

  const ends: readonly [what: string, left: StepRecord, right: StepRecord, changed: string[]][] = [
    ['state', passed(0), passed(0, { state: 'failed', exit: 1 }), ['state']],
    [
      'exit code',
      passed(0, { state: 'failed', exit: 1 }),
      passed(0, { state: 'failed', exit: 2 }),
      ['state'],
    ],
    ['time, where it is much', passed(0), passed(0, { endedAt: 2000 }), ['time']],
    ['time, not where it is little', passed(0), passed(0, { endedAt: 900 }), []],
    ['time, not where it is a small part', passed(0, { endedAt: 9000 }), passed(0, { endedAt: 10_500 }), []],
    ['message alone: no difference', passed(0), passed(0, { message: 'x' }), []],
  ];
  for (const [what, left, right, changed] of ends) {
    it(`sees another ${what}`, () => {
      const comparison = compareRuns(silent(runOf('01', [left])), silent(runOf('02', [right])));
      assert.deepEqual(comparison.steps[0]?.changed, changed);
      assert.equal(areAlike(comparison), !changed.includes('state'));
    });
  }

  it('shows how text and output differ', () => {
    const edited = passed(0, { text: 'echo 1\n', key: { ...sampleStep(0).key, name: 'a', hash: 'new' } });
    const before = passed(0, { key: { ...sampleStep(0).key, name: 'a' } });
    const [step] = compareRuns(
      printing(runOf('01', [before]), ['one\ntwo\nthree\n']),
      printing(runOf('02', [edited]), ['one\n2\nthree\n']),
    ).steps;
    assert.deepEqual(step?.changed, ['output', 'text']);
    assert.equal(step.output, '--- 01\n+++ 02\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n');
    assert.match(step.text ?? '', /^-echo 0\n\+echo 1$/m);
  });

  it('pairs steps of a changed file, and tells which are new and which are gone', () => {
    const named = (index: number, name: string): StepRecord =>
      passed(index, { name, text: name, key: { name, section: 'X', hash: name, ordinal: 0, index } });
    const left = runOf('01', [named(0, 'a'), named(1, 'gone'), named(2, 'c')]);
    const right = runOf('02', [named(0, 'new'), named(1, 'a'), named(2, 'c')]);
    const steps = compareRuns(silent(left), silent(right)).steps;
    assert.deepEqual(
      steps.map(({ name, left, right, changed }) => [name, left?.index, right?.index, changed.join()]),
      [
        ['new', undefined, 0, 'added'],
        ['a', 0, 1, ''],
        ['gone', 1, undefined, 'removed'],
        ['c', 2, 2, ''],
      ],
    );
  });

  it('does not take a rollback for the step of the same cell, nor a cell of another file', () => {
    const left = runOf('01', [passed(0), passed(0, { index: 1, undoes: 0 })]);
    const right = runOf('02', [passed(0), passed(0, { index: 1, file: '/other.md' })]);
    const steps = compareRuns(silent(left), silent(right)).steps;
    assert.deepEqual(
      steps.map(({ changed }) => changed.join()),
      ['', 'added', 'removed'],
    );
  });

  it('gives up where two outputs have too little in common, and cuts what is too long', () => {
    const text = (word: string, lines: number): string =>
      Array.from({ length: lines }, (_, at) => `${word} ${at}\n`).join('');
    const compare = (one: string, other: string): string =>
      compareRuns(printing(runOf('01', [passed(0)]), [one]), printing(runOf('02', [passed(0)]), [other]))
        .steps[0]?.output ?? '';
    assert.match(compare(text('a', 3000), text('b', 3000)), /too little in common/);
    const long = compare(text('a'.repeat(100), 300), text('b'.repeat(100), 300));
    assert.ok(long.length < 17_000);
    assert.match(long, /left out here\n$/);
  });
});
