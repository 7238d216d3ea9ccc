import assert from 'node:assert/strict';
import type { RunSummary, StepRecord } from '../../../agent/protocol/runs';
import type { RunChange } from '../../../extension/agent/runFeed';
import { Listeners } from '../../../extension/listeners';
import { lateWords } from '../../../extension/notebook/approvalWords';
import { Questions } from '../../../extension/notebook/questions';
import { someRun, someStep } from '../../support/someRuns';
import { waitFor } from '../../support/waitFor';

const running: RunSummary = { ...someRun, id: 'r', state: 'running', seq: 5 };
const waiting: StepRecord = { ...someStep, index: 1, state: 'pending' };
const asking: StepRecord = { ...waiting, asks: 'Really?' };

describe('the questions of runs', () => {
  let advanced: Listeners<readonly RunChange[]>;
  let listed: Listeners<readonly RunSummary[]>;
  let lost: Listeners<string>;
  let known: Map<string, RunSummary>;
  let recorded: Map<string, RunSummary & { steps: StepRecord[] }>;
  let requests: string[];
  let questions: Questions;
  let asked: number[];
  let changed: string[];

  beforeEach(() => {
    advanced = new Listeners();
    listed = new Listeners();
    lost = new Listeners();
    known = new Map();
    recorded = new Map();
    [requests, asked, changed] = [[], [], []];
    const agent = {
      onDidLose: lost.add,
      request: (_type: unknown, { run }: { run: string }) => {
        requests.push(run);
        const found = recorded.get(run);
        return found ? Promise.resolve({ run: found }) : Promise.reject(new Error('gone'));
      },
    };
    const feed = { onDidAdvance: advanced.add, onDidList: listed.add, run: (id: string) => known.get(id) };
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    questions = new Questions(agent as never, feed, log);
    questions.onDidAsk(({ step }) => asked.push(step.index));
    questions.onDidChange(runs => changed.push(...runs));
  });

  const tell = (run: RunSummary, ...steps: StepRecord[]) => advanced.tell([{ run, steps, output: [] }]);

  it('are known once, until they are answered', () => {
    tell(running, asking);
    tell(running, asking);
    assert.deepEqual(asked, [1]);
    assert.equal(questions.ofRun('r')?.step.asks, 'Really?');
    tell(running, waiting);
    assert.equal(questions.ofRun('r'), undefined);
    assert.equal(questions.of('r', 1), undefined);
  });

  it('go with their run, also where no step is told', () => {
    tell(running, asking);
    tell({ ...running, state: 'cancelled' });
    assert.equal(questions.of('r', 1), undefined);
  });

  it('go where the agent is lost, and are found again where the run still goes on', async () => {
    tell(running, asking);
    lost.tell('killed');
    assert.equal(questions.of('r', 1), undefined);
    assert.deepEqual(changed, ['r']);
    recorded.set('r', { ...running, steps: [asking] });
    listed.tell([running, { ...someRun, id: 'old' }]);
    await waitFor('the question', () => questions.of('r', 1));
    assert.deepEqual(requests, ['r']);
  });

  it('of a run that ended elsewhere go when it is listed', () => {
    tell(running, asking);
    listed.tell([{ ...running, state: 'interrupted' }]);
    assert.equal(questions.of('r', 1), undefined);
    assert.deepEqual(changed, ['r']);
  });

  it('are not asked for by a run that was begun here, nor taken from an answer that is too old', async () => {
    listed.tell([]);
    assert.deepEqual(requests, []);
    known.set('r', { ...running, seq: 9 });
    recorded.set('r', { ...running, steps: [asking] });
    recorded.set('s', { ...running, id: 's', steps: [asking] });
    listed.tell([running, { ...running, id: 's' }]);
    await waitFor('the other question', () => questions.of('s', 1));
    assert.equal(questions.of('r', 1), undefined);
  });
});

describe('an approval that came too late', () => {
  const cases: readonly (readonly ['approve' | 'decline', Partial<StepRecord>, RegExp | undefined])[] = [
    [
      'approve',
      { state: 'interrupted' },
      /^drain was not run: your approval came when it was interrupted already/,
    ],
    ['approve', { state: 'cancelled', message: 'declined by ana' }, /cancelled \(declined by ana\) already/],
    ['approve', { state: 'passed', approvedBy: 'ana' }, undefined],
    ['decline', { state: 'running', approvedBy: 'ana' }, /^drain was approved by ana before you answered/],
    ['decline', { state: 'cancelled' }, undefined],
    ['approve', { asks: 'Another?' }, /asks for something else/],
  ];
  for (const [answer, change, words] of cases)
    it(`${answer}, ${JSON.stringify(change)}: ${words === undefined ? 'nothing to say' : 'is said'}`, () => {
      const said = lateWords(answer, { ...waiting, ...change });
      if (words === undefined) assert.equal(said, undefined);
      else assert.match(said ?? '', words);
    });
});
