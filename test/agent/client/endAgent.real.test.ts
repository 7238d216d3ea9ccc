import assert from 'node:assert/strict';
import { endAgent } from '../../../agent/client/endAgent';
import { startRun } from '../../../agent/protocol/runs';
import { startTimeOf } from '../../../agent/processTable';
import { buildAgent } from '../../support/builtAgent';
import { type AgentHome, agentHome, runOf } from '../../support/realAgent';
import { waitFor } from '../../support/waitFor';

describe('ending the agent', function () {
  this.timeout(60_000);
  let agent: Awaited<ReturnType<typeof buildAgent>>;
  let home: AgentHome;
  before(async () => (agent = await buildAgent()));
  after(() => agent[Symbol.dispose]());
  beforeEach(async () => (home = await agentHome(agent.path)));
  afterEach(() => home[Symbol.asyncDispose]());

  const gone = (pid: number) => waitFor(`the end of ${pid}`, () => startTimeOf(pid) === undefined, 15_000);

  it('asks it to leave, and it does, whatever it is at', async () => {
    const connection = await home.connect();
    await connection.request(startRun, runOf('```sh\nsleep 600\n```\n', home.path));
    assert.equal(await endAgent(connection), 'left');
    await gone(connection.agent.pid);
  });

  it('kills one that does not answer, and another can be started', async () => {
    const connection = await home.connect();
    process.kill(connection.agent.pid, 'SIGSTOP');
    assert.equal(await endAgent(connection, { answer: 200 }), 'killed');
    await gone(connection.agent.pid);
    const next = await home.connect();
    assert.notEqual(next.agent.pid, connection.agent.pid);
    next.dispose();
  });

  it('kills nothing where the connection is gone', async () => {
    const connection = await home.connect();
    connection.dispose();
    assert.equal(await endAgent(connection), 'left');
    assert.notEqual(startTimeOf(connection.agent.pid), undefined);
  });
});
