import assert from 'node:assert/strict';
import type { AgentClient } from '../../../extension/agent/agentClient';
import { AgentLogs, type OpenedLog } from '../../../extension/agent/agentLogs';

type Told = (told: unknown) => void;

/** A connection whose answers are given by hand, and what was acknowledged on it. */
class ScriptedLogs {
  readonly acknowledged: unknown[] = [];
  readonly logs: AgentLogs;
  readonly #answers: PromiseWithResolvers<OpenedLog>[] = [];
  #tell: Told = () => undefined;

  constructor() {
    const connection = {
      on: (_message: unknown, take: Told) => (this.#tell = take),
      notify: (_message: unknown, params: unknown) => this.acknowledged.push(params),
      request: () => Promise.resolve({}),
    };
    const agent = {
      connection,
      onDidConnect: () => ({ dispose: () => undefined }),
    };
    this.logs = new AgentLogs(agent as unknown as AgentClient);
  }

  open(taken: string[]) {
    const answer = Promise.withResolvers<OpenedLog>();
    this.#answers.push(answer);
    return this.logs.open(answer.promise, ({ lines }) => taken.push(...lines.map(([, , , text]) => text)));
  }

  answer(log: number): void {
    this.#answers.shift()?.resolve({ log, sources: [] });
  }

  refuse(): void {
    this.#answers.shift()?.reject(new Error('refused'));
  }

  tell(log: number, text: string): void {
    this.#tell({ log, number: 1, lines: [[0, '', false, text]], ended: false });
  }
}

describe('logs of a window', () => {
  it('take what comes before the answer that names them', async () => {
    const agent = new ScriptedLogs();
    const taken: string[] = [];
    const opened = agent.open(taken);
    agent.tell(1, 'early');
    agent.answer(1);
    await opened;
    agent.tell(1, 'late');
    assert.deepEqual(taken, ['early', 'late']);
  });

  it('keep nothing of what was under way when they were closed', async () => {
    const agent = new ScriptedLogs();
    const opened = agent.open([]);
    agent.answer(1);
    await (await opened).close();
    agent.tell(1, 'under way');
    // What is kept shows where the number comes again, as it never does.
    const taken: string[] = [];
    const again = agent.open(taken);
    agent.answer(1);
    await again;
    assert.deepEqual(taken, []);
  });

  it('keep nothing of it longer than another is being opened, whether that succeeds or not', async () => {
    const agent = new ScriptedLogs();
    const refused = agent.open([]);
    agent.tell(1, 'of a closed one');
    agent.refuse();
    await assert.rejects(refused, /refused/);
    const other = agent.open([]);
    agent.tell(1, 'of a closed one');
    agent.answer(2);
    await other;
    const taken: string[] = [];
    const again = agent.open(taken);
    agent.answer(1);
    await again;
    assert.deepEqual(taken, []);
  });
});
