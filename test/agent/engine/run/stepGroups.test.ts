import assert from 'node:assert/strict';
import { runFixture, says, stepThat } from './runFixture';
import type { RunFixture } from './runFixture';
import { cells } from '../sampleRequest';

describe('cells of one parallel group', () => {
  let all: RunFixture;

  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());

  const orders: readonly (readonly [
    what: string,
    texts: Record<string, string>,
    log: string,
    parallel?: number,
  ])[] = [
    [
      'run at the same time',
      { 'a parallel=g': 'wait 30\n# a', 'b parallel=g': 'wait 5\n# b', c: '# c' },
      '+a +b -b -a +c -c',
    ],
    [
      'run so many at a time as asked',
      { 'a parallel=g': 'wait 30\n# a', 'b parallel=g': 'wait 5\n# b', 'c parallel=g': '# c' },
      '+a +b -b +c -c -a',
      2,
    ],
    [
      'run one after another if asked',
      { 'a parallel=g': 'wait 10\n# a', 'b parallel=g': '# b' },
      '+a -a +b -b',
      1,
    ],
    [
      'of another name come after',
      { 'a parallel=g': 'wait 10\n# a', 'b parallel=h': '# b', 'c parallel=h': 'wait 5\n# c' },
      '+a -a +b +c -b -c',
    ],
    [
      'wait for a sibling that they need',
      { 'a parallel=g': 'wait 10\n# a', 'b parallel=g needs=a': '# b', 'c parallel=g': 'wait 30\n# c' },
      '+a +c -a -c +b -b',
    ],
  ];
  for (const [what, texts, log, parallel] of orders) {
    it(what, async () => {
      await all.run(cells(texts), parallel === undefined ? {} : { parallel });
      const said = all.sessions.log.map(line => line.replace(/^([+-])[^]*# /, '$1'));
      assert.equal(said.join(' '), log);
    });
  }

  it('give variables in the order of the plan, whoever was first', async () => {
    const text = cells({
      'a parallel=g': 'wait 20\nout X=a\nout A=1',
      'b parallel=g': 'out X=b\nvar A',
      c: 'var X\nvar A',
    });
    const ended = await all.run(text);
    assert.deepEqual([all.output(ended, 1), all.output(ended, 2)], ['unset\n', 'b\n1\n']);
    assert.deepEqual(
      all.sessions.opened[0]?.forks.map(({ closed }) => closed),
      [true, true],
    );
  });

  it('cancel no sibling when one fails, but start nothing after', async () => {
    const texts = { 'a parallel=g': 'exit 1', 'b parallel=g': 'wait 20', 'c parallel=g': '', d: '' };
    const ended = await all.run(cells(texts), { parallel: 2 });
    assert.equal(says(ended), 'failed a:failed b:passed c:not-run d:not-run');
  });

  it('begin no further attempt when one fails, and say so', async () => {
    const texts = { 'a parallel=g': 'wait 20\nexit 1', 'b parallel=g retries=99 retry-delay=5m': 'exit 2' };
    const ended = await all.run(cells(texts));
    const [, b] = ended.steps;
    assert.equal(says(ended), 'failed a:failed b:failed');
    assert.deepEqual([b?.exit, b?.message], [2, 'not tried again: the run stops']);
  });

  it('put no question any more when one fails', async () => {
    const texts = { 'a parallel=g': 'wait 50\nexit 1', 'b parallel=g confirm': '# b', c: '' };
    const ended = await all.run(cells(texts), { asks: true });
    assert.equal(says(ended), 'failed a:failed b:not-run c:not-run');
    const [, b] = ended.steps;
    assert.deepEqual([b?.message, b?.asks, b?.startedAt], ['not run: a failed', undefined, undefined]);
    assert.ok(!all.sessions.log.includes('+# b'));
  });

  it('go on with their questions and attempts where a failure does not stop the run', async () => {
    const texts = {
      'a parallel=g on-error=continue': 'exit 1',
      'b parallel=g confirm': '',
      'c parallel=g on-error=continue retries=1 retry-delay=10ms': 'exit 2',
    };
    const active = all.start(cells(texts), { asks: true });
    await stepThat(active, 'a', ({ state }) => state === 'failed');
    await stepThat(active, 'c', ({ state }) => state === 'failed');
    await stepThat(active, 'b', ({ asks }) => asks !== undefined);
    active.answer(1, true, 'ana');
    const ended = await active.ended;
    assert.deepEqual([says(ended), ended.steps[2]?.attempt], ['failed a:failed b:passed c:failed', 2]);
  });

  it('are named by the first that failed, whatever failed later', async () => {
    const text = cells({
      'a parallel=g': '',
      'b parallel=g': 'exit 1',
      'c parallel=g': 'exit 2',
      d: 'exit 3',
    });
    const ended = await all.run(text, { keepGoing: true });
    assert.deepEqual([says(ended), ended.step], ['failed a:passed b:failed c:failed d:failed', 'b']);
  });

  it('are all stopped by a cancel, and one by its own', async () => {
    const active = all.start(cells({ 'a parallel=g': 'hang', 'b parallel=g': 'hang', c: '' }));
    await stepThat(active, 'b', ({ state }) => state === 'running');
    active.cancel(0);
    await stepThat(active, 'a', ({ state }) => state === 'cancelled');
    assert.equal(active.record.steps[1]?.state, 'running');
    active.cancel();
    assert.equal(says(await active.ended), 'cancelled a:cancelled b:cancelled c:not-run');
  });
});
