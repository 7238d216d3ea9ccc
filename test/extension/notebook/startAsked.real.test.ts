import assert from 'node:assert/strict';
import type { AgentConnection } from '../../../agent/client/connection';
import type { AskedInput } from '../../../agent/protocol/plan';
import { getRun, listRuns, type RunRecord } from '../../../agent/protocol/runs';
import type { AskInputs } from '../../../extension/notebook/askInputs';
import { inputProblem } from '../../../extension/notebook/askedInput';
import { EditorSecrets } from '../../../extension/notebook/editorSecrets';
import {
  remember,
  startAsked,
  type KnownInputs,
  type RunRequest,
} from '../../../extension/notebook/startAsked';
import { Turns } from '../../../extension/notebook/turns';
import { buildAgent } from '../../support/builtAgent';
import { agentHome, runOf, type AgentHome } from '../../support/realAgent';
import { temporaryFolder } from '../../support/temporaryFolder';
import { waitFor } from '../../support/waitFor';

const region = '---\ninputs:\n  region: {type: string}\n---\n\n```bash {name=show}\necho "in $region"\n```\n';
const token = '---\nsecrets:\n  token: editor:shop\n---\n\n```bash {name=show}\necho "${#token}"\n```\n';
const both = token.replace('secrets:', 'inputs:\n  token: {type: string}\nsecrets:');

describe('starting a run that lacks something', function () {
  this.timeout(60_000);
  let bundle: { path: string } & Disposable;
  let folder: { path: string } & AsyncDisposable;
  let home: AgentHome;
  let connection: AgentConnection;
  let storage: Map<string, string>;
  let secrets: EditorSecrets;
  let never: AbortSignal;

  before(async () => {
    bundle = await buildAgent();
    folder = await temporaryFolder('handrail-asked');
    home = await agentHome(bundle.path);
    connection = await home.connect();
  });

  beforeEach(() => {
    storage = new Map();
    secrets = new EditorSecrets({
      get: key => Promise.resolve(storage.get(key)),
      store: (key, value) => Promise.resolve(void storage.set(key, value)),
      delete: key => Promise.resolve(void storage.delete(key)),
      keys: () => Promise.resolve([...storage.keys()]),
    });
    never = new AbortController().signal;
  });

  after(async () => {
    connection.dispose();
    await home[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    bundle[Symbol.dispose]();
  });

  const runs = async () => (await connection.request(listRuns, {})).runs;
  const ports = (ask: AskInputs, turns = new Turns()) => ({
    agent: {
      request: (...all: Parameters<AgentConnection['request']>) => connection.request(...all),
    } as never,
    ...{ secrets, ask, turns },
  });
  const answering = (...values: string[]): { ask: AskInputs; asked: AskedInput[] } => {
    const asked: AskedInput[] = [];
    return {
      asked,
      ask: inputs => {
        asked.push(...inputs);
        return Promise.resolve(inputs.map(() => values.shift() ?? ''));
      },
    };
  };
  const request = (text: string, change: Partial<RunRequest> = {}): RunRequest => ({
    ...runOf(text, folder.path),
    ...change,
  });
  const passed = (id: string): Promise<RunRecord> =>
    waitFor('the end of the run', async () => {
      const { run } = await connection.request(getRun, { run: id });
      return run.state === 'running' ? undefined : run;
    });

  it('asks, starts, and remembers for single cells what was answered', async () => {
    const known: KnownInputs = new Map();
    const first = answering('eu');
    const started = await startAsked(request(region), known, ports(first.ask), never);
    assert.equal((await passed(started!.run.id)).state, 'passed');
    assert.deepEqual(
      first.asked.map(({ name }) => name),
      ['region'],
    );
    const second = answering();
    const cells = { kind: 'cells' as const, indexes: [0] };
    const again = await startAsked(request(region, { selection: cells }), known, ports(second.ask), never);
    assert.deepEqual((await passed(again!.run.id)).inputs, { region: 'eu' });
    assert.deepEqual(second.asked, []);
  });

  it('runs nothing once the question is withdrawn, also where an answer comes all the same', async () => {
    const before = (await runs()).length;
    for (const answer of [undefined, ['eu']]) {
      const stop = new AbortController();
      const ask: AskInputs = (_inputs, _runbook, signal) => {
        assert.equal(signal, stop.signal);
        stop.abort();
        return Promise.resolve(answer);
      };
      assert.equal(await startAsked(request(region), new Map(), ports(ask), stop.signal), undefined);
    }
    assert.equal((await runs()).length, before);
  });

  it('asks nothing for a run that was stopped before it was its turn', async () => {
    const turns = new Turns();
    const { promise, resolve } = Promise.withResolvers<void>();
    const busy = turns.take(() => promise);
    const stop = new AbortController();
    const { ask, asked } = answering('eu');
    const starting = startAsked(request(region), new Map(), ports(ask, turns), stop.signal);
    stop.abort();
    resolve();
    await busy;
    assert.equal(await starting, undefined);
    assert.deepEqual(asked, []);
  });

  it('asks two runs one after the other, and the second not again for the same', async () => {
    const known: KnownInputs = new Map();
    const turns = new Turns();
    let open = 0;
    let most = 0;
    const asked: string[] = [];
    const ask: AskInputs = async inputs => {
      most = Math.max(most, ++open);
      asked.push(...inputs.map(({ name }) => name));
      await new Promise(resolve => setImmediate(resolve));
      open--;
      return inputs.map(() => 'eu');
    };
    const cell = request(region, { selection: { kind: 'cells', indexes: [0] } });
    const started = await Promise.all([
      startAsked(cell, known, ports(ask, turns), never),
      startAsked(cell, known, ports(ask, turns), never),
    ]);
    for (const one of started) await passed(one!.run.id);
    assert.equal(most, 1);
    assert.deepEqual(asked, ['region']);
  });

  it('goes on with what was answered where the agent was killed meanwhile', async () => {
    const { ask } = answering('eu');
    const killing: AskInputs = async (...all) => {
      process.kill(connection.agent.pid, 'SIGKILL');
      await connection.closed;
      connection = await home.connect();
      return ask(...all);
    };
    const started = await startAsked(request(region), new Map(), ports(killing), never);
    assert.equal((await passed(started!.run.id)).state, 'passed');
  });

  it('keeps a secret once a run has begun with it, and does not ask again', async () => {
    const first = answering('hunter22');
    const started = await startAsked(request(token), new Map(), ports(first.ask), never);
    assert.equal((await passed(started!.run.id)).state, 'passed');
    assert.deepEqual([...storage], [['editor:shop', 'hunter22']]);
    const second = answering();
    await passed((await startAsked(request(token), new Map(), ports(second.ask), never))!.run.id);
    assert.deepEqual(second.asked, []);
  });

  it('keeps no secret of a run that was refused', async () => {
    const broken = token.replace('token: editor:shop', 'token: editor:shop\ninputs:\n  n: {type: number}');
    const { ask } = answering(...Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? 'x' : 'hunter22')));
    await assert.rejects(startAsked(request(broken), new Map(), ports(ask), never));
    assert.deepEqual([...storage], []);
  });

  it('asks again for a secret that was kept and is too short', async () => {
    storage.set('editor:shop', 'abc');
    const { ask, asked } = answering('hunter22');
    await passed((await startAsked(request(token), new Map(), ports(ask), never))!.run.id);
    assert.match(asked[0]?.description ?? '', /too short/);
    assert.equal(storage.get('editor:shop'), 'hunter22');
  });

  it('gives an input and a secret of one name each its own value', async () => {
    const { ask } = answering('plain', 'hunter22');
    const { run } = (await startAsked(request(both), new Map(), ports(ask), never))!;
    assert.deepEqual((await passed(run.id)).inputs, { token: 'plain' });
    assert.deepEqual([...storage], [['editor:shop', 'hunter22']]);
  });
});

describe('a secret that is typed', () => {
  const secret: AskedInput = { name: 't', from: 'input', type: 'secret', cells: [], line: 1 };
  for (const [text, wrong] of [
    ['', true],
    ['abc', true],
    ['  abc ', true],
    ['abcd', false],
  ] as const)
    it(`"${text}" is ${wrong ? 'refused' : 'taken'} before it is sent`, () =>
      assert.equal(inputProblem(secret, text) !== undefined, wrong));
});

describe('what a notebook knows of its inputs', () => {
  const region: AskedInput = { name: 'region', from: 'input', type: 'string', cells: [], line: 1 };

  it('is what was answered last; what was cleared it knows no longer', () => {
    const known: KnownInputs = new Map([['region', 'eu']]);
    remember(known, [region], ['us']);
    assert.deepEqual([...known], [['region', 'us']]);
    remember(known, [region], ['']);
    assert.deepEqual([...known], []);
  });

  it('has no secret and no placeholder in it', () => {
    const known: KnownInputs = new Map();
    remember(
      known,
      [
        { ...region, type: 'secret' },
        { ...region, from: 'placeholder' },
      ],
      ['hunter22', 'x'],
    );
    assert.deepEqual([...known], []);
  });
});
