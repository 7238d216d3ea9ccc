import type { CheckedRequirement } from '../../../../agent/engine/run/surroundings';
import assert from 'node:assert/strict';
import { ConfigFile } from '../../../../agent/config/configFile';
import type { IdentityFact } from '../../../../agent/protocol/plan';
import { HandrailError } from '../../../../agent/protocol/errors';
import { runFixture, says, stepThat } from './runFixture';
import type { RunFixture } from './runFixture';
import { cells } from '../sampleRequest';
import { waitFor } from '../../../support/waitFor';

describe('a run that is held to its identity', () => {
  const fact = (label: string): IdentityFact => ({
    kind: 'kube',
    label,
    values: { context: label },
    held: true,
  });

  it('stops before the step at which it has changed, and names both', async () => {
    let reads = 0;
    const identity = (): IdentityFact[] => [fact(++reads > 2 ? 'staging' : 'prod-eu')];
    await using all = await runFixture({ world: { identity } });
    const ended = await all.run(cells({ a: 'kubectl get pods', b: 'kubectl delete pod x', c: '' }));
    assert.equal(says(ended), 'failed a:passed b:failed c:not-run');
    assert.equal(ended.steps[1]?.reason, 'error');
    assert.match(ended.steps[1].message ?? '', /kube was prod-eu and is staging/);
    assert.ok(!all.sessions.texts().includes('kubectl delete pod x'));
    assert.deepEqual(ended.identity, [fact('prod-eu')]);
  });

  it('asks with the place named', async () => {
    await using all = await runFixture({ world: { identity: () => [fact('prod-eu')] } });
    const active = all.start(cells({ 'a confirm="Restart api?"': 'kubectl rollout restart' }), {
      asks: true,
    });
    const { asks } = await stepThat(active, 'a', step => step.asks !== undefined);
    assert.equal(asks, 'Restart api in prod-eu? (local, effect=change)');
    active.cancel();
    await active.ended;
  });
});

describe('the identity that a run is held to', () => {
  /** As the variable WHERE says. */
  const identity = (env: Readonly<Record<string, string | undefined>>): IdentityFact[] => [
    {
      kind: 'kube',
      label: env['WHERE'] ?? 'here',
      values: { context: env['WHERE'] ?? 'here' },
      held: true,
    },
  ];
  const config = ConfigFile.parse({ production: ['prod'] });
  const world = { identity, config: () => ({ config, problems: [] }) };
  const kept = { session: 'kept' } as const;
  const act = cells({ a: 'kubectl get pods' });
  let all: RunFixture;
  beforeEach(async () => (all = await runFixture({ world })));
  afterEach(() => all[Symbol.asyncDispose]());
  const context = (run: { identity?: IdentityFact[] | undefined }): (string | undefined)[] =>
    (run.identity ?? []).map(({ values }) => values['context']);

  it('is that which an earlier run of its session has left', async () => {
    await all.run(cells({ s: 'out WHERE=there' }), kept);
    const ended = await all.run(act, kept);
    assert.deepEqual([says(ended), context(ended)], ['passed a:passed', ['there']]);
  });

  it('is that of the state which it goes on from, once that is approved', async () => {
    const first = await all.run(cells({ s: 'out WHERE=there', a: 'kubectl get pods\nexit 1' }));
    assert.match(first.steps[1]?.message ?? '', /kube was here and is there/);
    const continues = { run: first.id, how: 'resume' } as const;
    const mended = cells({ s: 'out WHERE=there', a: 'kubectl get pods' });
    assert.throws(() => all.start(mended, { continues, approved: ['*'] }), /Needs approval: a/);
    const ended = await all.run(mended, { continues, approved: ['a'] });
    assert.deepEqual([says(ended), context(ended)], ['passed s:skipped a:passed', ['there']]);
  });

  const waits = async (where: string, asked: Partial<Parameters<typeof all.run>[1]> = {}) => {
    const before = all.start(cells({ s: `wait 100\nout WHERE=${where}` }), kept);
    await stepThat(before, 's', ({ state }) => state === 'running');
    const ended = await all.run(act, { ...kept, ...asked });
    await before.ended;
    return ended;
  };

  it('is that which it finds when its turn has come', async () => {
    const ended = await waits('there');
    assert.deepEqual([says(ended), context(ended)], ['passed a:passed', ['there']]);
  });

  it('is not one that it would have needed an approval for', async () => {
    const ended = await waits('prod');
    assert.equal(says(ended), 'failed a:not-run');
    assert.match(ended.message ?? '', /its plan has changed: Needs approval: a/);
  });

  it('is not one that it would have been asked about', async () => {
    const ended = await waits('prod', { asks: true });
    assert.equal(says(ended), 'failed a:not-run');
    assert.match(ended.message ?? '', /kube was here and is prod.*Nothing was started/s);
  });
});

describe('a run that requires something', () => {
  const place = { file: '/a.md', line: 2, column: 3 };
  const text = '---\nrequires: {kubectl: ">=1.29"}\n---\n' + cells({ a: '', b: '' });

  it('runs nothing where it is not there, and says all that is missing', async () => {
    let go = (): void => undefined;
    const checkRequirements = (): Promise<CheckedRequirement[]> =>
      new Promise(resolve => {
        go = () =>
          resolve([
            { name: 'kubectl', problem: 'kubectl is missing', ...place },
            { name: 'b', ...place },
            { name: 'c', problem: 'c too', ...place },
          ]);
      });
    await using all = await runFixture({ checkRequirements });
    const active = all.start(text);
    await waitFor('the message', () => active.record.message === 'looks whether kubectl is there');
    go();
    const ended = await active.ended;
    assert.equal(says(ended), 'failed a:not-run b:not-run');
    assert.equal(ended.message, '/a.md:2:3: kubectl is missing\n/a.md:2:3: c too');
    assert.equal(ended.steps[0]?.message, 'not run: what it requires is not there');
  });

  it('goes on where all is there, and says nothing', async () => {
    await using all = await runFixture({
      checkRequirements: () => Promise.resolve([{ name: 'kubectl', ...place }]),
    });
    const ended = await all.run(text);
    assert.deepEqual([ended.state, ended.message], ['passed', undefined]);
  });
});

describe('the audit log of a run', () => {
  let all: RunFixture;
  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());

  const actions = (): string[] =>
    all.store.audit
      .list({ limit: 100 })
      .reverse()
      .map(({ action, subject, actor }) => `${action} ${subject.replace(/.*\//, '')} ${actor}`);

  it('tells what it did, in order', async () => {
    await all.run(cells({ a: '', b: 'exit 7', c: '' }));
    assert.deepEqual(actions(), [
      'run.started x.runbook.md ana via cli',
      'step.started a ana via cli',
      'step.ended a ana via cli',
      'step.started b ana via cli',
      'step.ended b ana via cli',
    ]);
    const [last] = all.store.audit.list({ limit: 1 });
    assert.deepEqual([last?.details['state'], last?.details['exit']], ['failed', 7]);
    assert.equal(all.store.audit.verify().broken, undefined);
  });

  it('tells of a cancel and of a reset', async () => {
    const active = all.start(cells({ a: 'hang' }), { session: 'kept' });
    await stepThat(active, 'a', ({ state }) => state === 'running');
    await all.runs.resetSession(active.record.file, 'editor');
    await active.ended;
    assert.ok(actions().some(line => line.startsWith('run.cancelled x.runbook.md')));
    assert.ok(actions().some(line => line.startsWith('session.reset x.runbook.md')));
  });

  it('must be written, or nothing is run', async () => {
    const full = new HandrailError('store', 'No space is left', { reason: 'full' });
    const { audit } = all.store;
    let room = 0;
    Object.assign(audit, {
      append() {
        if (room-- <= 0) throw full;
      },
    });
    assert.throws(() => all.start(cells({ a: 'print a' })), full);
    assert.equal(all.store.find('last'), undefined);
    room = 1;
    const ended = await all.run(cells({ a: 'print a', b: '' }));
    assert.equal(says(ended), 'failed a:failed b:not-run');
    assert.match(ended.steps[0]?.message ?? '', /not started.*No space/);
    assert.deepEqual(all.sessions.texts(), []);
  });
});

describe('what ended steps printed', () => {
  it('can be searched, without escape codes', async () => {
    await using all = await runFixture();
    const ended = await all.run(cells({ a: 'print \x1b[31mneedle\x1b[0m in hay' }));
    const [hit] = await waitFor('the index', () => {
      const { hits } = all.store.search({ query: 'needle', limit: 5 });
      return hits.some(({ excerpt }) => !excerpt.includes('print')) && hits;
    });
    assert.deepEqual([hit?.run.id, hit?.step], [ended.id, 0]);
  });
});
