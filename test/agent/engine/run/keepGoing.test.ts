import assert from 'node:assert/strict';
import { HandrailError } from '../../../../agent/protocol/errors';
import { cells } from '../sampleRequest';
import { runFixture, says } from './runFixture';
import type { RunFixture } from './runFixture';

describe('a run that is to keep going', () => {
  let all: RunFixture;
  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());
  const isRefused = (error: unknown): boolean =>
    error instanceof HandrailError && error.code === 'invalidRunbook';

  const text = cells({ a: 'print a', 'b timeout=soon': 'print b', 'c needs=b': 'print c', d: 'print d' });

  it('goes on without a cell that cannot run, and without what needs that', async () => {
    const ended = await all.run(text, { keepGoing: true });
    assert.equal(says(ended), 'failed a:passed b:failed c:not-run d:passed');
    assert.match(ended.steps[1]?.message ?? '', /^It was not started\. 5:17: `timeout` of b is `soon`/);
    assert.deepEqual(all.sessions.texts(), ['print a', 'print d']);
    const plan = all.runs.plan(all.request(text, { keepGoing: true }));
    assert.match(plan.warnings.map(({ message }) => message).join(), /`timeout` of b/);
  });

  it('asks for nothing that only cells want which cannot run', async () => {
    const asking = cells({ a: 'print a', 'b timeout=soon confirm': 'print <thing>' });
    assert.equal(says(await all.run(asking, { keepGoing: true })), 'failed a:passed b:failed');
  });

  it('is refused like any other where nothing is left, or where what undoes could not', () => {
    assert.throws(() => all.start(text), isRefused);
    for (const refused of [
      cells({ 'a timeout=soon': 'a' }),
      cells({ 'a rollback=u': 'a', 'u exclude timeout=soon': 'u', b: '' }),
      `---\nenv: [1\n---\n${cells({ a: '', b: '' })}`,
    ])
      assert.throws(() => all.start(refused, { keepGoing: true }), isRefused);
  });
});
