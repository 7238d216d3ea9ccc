import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { detachedMark } from '../../../agent/detachedMark';
import { startTimeOf } from '../../../agent/processTable';
import { HandrailError } from '../../../agent/protocol/errors';
import { cancelRun, getRun, runsChanged, watchRuns } from '../../../agent/protocol/runs';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { RunStore } from '../../../agent/store/types';
import { type ScriptedAgent, startScriptedAgent } from '../../support/scriptedAgent';
import { waitFor } from '../../support/waitFor';
import { sampleRun, sampleStep } from '../store/sampleRun';

describe('what an ended run left running', function () {
  this.timeout(30_000);
  let agent: ScriptedAgent;
  let store: RunStore;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    agent = await startScriptedAgent();
    store = openStore(agent.folders.data);
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    store.close();
    await agent[Symbol.asyncDispose]();
  });

  /** A run that passed, one step of which goes on as a process of its own. */
  async function leave(id: string): Promise<{ pid: number; child: ChildProcess }> {
    const [name = '', value = ''] = detachedMark(id, 1).split('=');
    const env = { ...process.env, [name]: value };
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env });
    children.push(child);
    await once(child, 'spawn');
    const pid = child.pid ?? assert.fail();
    const step = { state: 'passed', background: 'detached' } as const;
    const steps = [sampleStep(0, { state: 'passed' }), sampleStep(1, step)];
    store.create(sampleRun(id, 1, { steps, state: 'passed', endedAt: 5 }), thisHost());
    const startTime = startTimeOf(pid) ?? assert.fail();
    store.detached.add({
      run: id,
      step: 1,
      name: 'web',
      file: '/x.md',
      pid,
      startTime,
      log: '/x.log',
      startedAt: 5,
    });
    return { pid, child };
  }

  for (const step of [undefined, 1]) {
    it(`is ended by stopping ${step === undefined ? 'the run' : 'its step'}, and everybody hears of it`, async () => {
      const { child } = await leave('01');
      const gone = once(child, 'exit');
      const connection = await agent.connect();
      const told: (string | undefined)[] = [];
      connection.on(runsChanged, ({ runs }) => {
        for (const { steps } of runs) told.push(...steps.map(({ background }) => background));
      });
      await connection.request(watchRuns, {});
      await connection.request(cancelRun, { run: '01', ...(step === undefined ? {} : { step }) });
      await gone;
      assert.equal(store.find('01')?.steps[1]?.background, 'ended');
      await waitFor('the word of it', () => told.includes('ended'));
      await assert.rejects(
        connection.request(cancelRun, { run: '01', step: 1 }),
        (error: unknown) => error instanceof HandrailError && error.code === 'invalidState',
      );
      connection.dispose();
    });
  }

  it('is not ended by stopping another step', async () => {
    const { child } = await leave('01');
    const connection = await agent.connect();
    await assert.rejects(connection.request(cancelRun, { run: '01', step: 0 }));
    assert.equal(child.exitCode, null);
    connection.dispose();
  });

  it('is known as ended once it has ended by itself', async () => {
    const { child } = await leave('01');
    const connection = await agent.connect();
    const background = async () => (await connection.request(getRun, { run: '01' })).run.steps[1]?.background;
    assert.equal(await background(), 'detached');
    child.kill('SIGKILL');
    await waitFor('its end', async () => (await background()) === 'ended');
    connection.dispose();
  });
});
