import * as assert from 'node:assert/strict';
import { compareRuns, searchRuns } from '../../../agent/protocol/history';
import { lastInputs } from '../../../agent/protocol/runs';
import { HandrailError } from '../../../agent/protocol/errors';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import { startScriptedAgent } from '../../support/scriptedAgent';
import { sampleRun, sampleStep } from '../store/sampleRun';

describe('requests about the history', () => {
  it('are answered, also for a workspace that is not trusted', async () => {
    await using agent = await startScriptedAgent();
    const store = openStore(agent.folders.data);
    for (const [id, text] of [
      ['01', 'connection refused\n'],
      ['02', 'connected\n'],
    ] as const) {
      const steps = [sampleStep(0, { state: 'passed', outputBytes: text.length, outputSeq: 1 })];
      const inputs = { service: `service-${id}` };
      store.create(sampleRun(id, 1, { state: 'passed', endedAt: 5, steps, inputs }), thisHost());
      const output = store.openOutput(id, 0);
      output.append('stdout', Buffer.from(text), 1);
      output.close();
      store.index(id, 0, text);
    }
    store.close();
    const connection = await agent.connect(false);

    const found = await connection.request(searchRuns, { query: 'refused' });
    assert.deepEqual(
      found.hits.map(({ run, step, excerpt }) => [run.id, step, excerpt]),
      [['01', 0, 'connection refused']],
    );
    assert.equal(found.more, false);
    assert.deepEqual((await connection.request(searchRuns, { query: 'refused', file: '/none' })).hits, []);

    const { inputs } = await connection.request(lastInputs, { file: '/books/deploy.md' });
    assert.deepEqual(inputs, { service: 'service-02' });

    const { facts, steps, left } = await connection.request(compareRuns, { left: '01', right: 'last' });
    assert.deepEqual(facts, [{ name: 'input service', left: 'service-01', right: 'service-02' }]);
    assert.equal(left.id, '01');
    assert.match(steps[0]?.output ?? '', /^-connection refused\n\+connected$/m);
    await assert.rejects(
      connection.request(compareRuns, { left: '01', right: '77' }),
      (error: unknown) => error instanceof HandrailError && error.code === 'notFound',
    );
    connection.dispose();
  });
});
