import assert from 'node:assert/strict';
import { PolicyFile } from '../../../../agent/config/policyFile';
import { HandrailError } from '../../../../agent/protocol/errors';
import type { RunObserver } from '../../../../agent/engine/types';
import { createRedactor } from '../../../../agent/secrets/createRedactor';
import type { Secrets } from '../../../../agent/secrets/types';
import type { CreateSecrets } from '../../../../agent/engine/run/surroundings';
import { hastyClock, runFixture, says, silent, stepThat } from './runFixture';
import type { RunFixture } from './runFixture';
import { cells } from '../sampleRequest';

const front = '---\nsecrets: {TOKEN: "env:T", PIN: "env:P", GONE: "env:G", SLOW: "env:S"}\n---\n';
const values: Readonly<Record<string, string>> = { TOKEN: 'hush-hush-hush', PIN: 'sesame-open' };

describe('a run with secrets', () => {
  let all: RunFixture;
  let fetched: string[];
  let letGo: () => void;

  /** As the real ones: told by name, once a run. */
  const createSecrets: CreateSecrets = ({ references, given }): Secrets => {
    const redactor = createRedactor();
    const known = new Map<string, string>();
    for (const value of Object.values(given)) redactor.add(value);
    return {
      names: new Set(references.map(({ name }) => name)),
      redactor,
      fetched: known,
      async fetch(names, signal) {
        for (const name of names.filter(one => !known.has(one))) {
          fetched.push(name);
          if (name === 'SLOW')
            await new Promise<void>((resolve, reject) => {
              letGo = resolve;
              signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
            });
          const value = given[name] ?? values[name] ?? (name === 'SLOW' ? 'slow-and-steady' : undefined);
          if (value === undefined)
            throw new HandrailError('needsAnswer', `Secret ${name}: env has no variable G`);
          known.set(name, value);
          redactor.add(value);
        }
        return new Map(names.map(name => [name, known.get(name) ?? '']));
      },
      mask: values => [...values].forEach(value => redactor.add(value)),
    };
  };

  beforeEach(async () => {
    fetched = [];
    all = await runFixture({ createSecrets });
  });
  afterEach(() => all[Symbol.asyncDispose]());

  it('fetches them when first needed, for the cells that name them, and masks them everywhere', async () => {
    const seen: string[] = [];
    const observer: RunObserver = {
      ...silent,
      output: (_run, _step, { bytes }) => void seen.push(Buffer.from(bytes).toString()),
    };
    const text =
      front +
      cells({
        a: 'print nothing',
        b: 'secret TOKEN',
        c: 'print hush-hush-hush\nerror hush-hush-hush',
      });
    const ended = await all.runs.start(all.request(text), observer).ended;
    assert.deepEqual(fetched, ['TOKEN']);
    assert.deepEqual(seen.join('').split('\n'), ['nothing', '•••', '•••', '']);
    assert.deepEqual([all.output(ended, 1), all.output(ended, 2)], ['•••\n', '•••\n']);
    assert.equal(ended.steps[2]?.message, '•••');
    const given = all.sessions.opened[0]?.ran.map(({ secrets }) => [...(secrets ?? [])]);
    assert.deepEqual(given, [[], [['TOKEN', 'hush-hush-hush']], []]);
    assert.deepEqual(all.store.find(ended.id), ended);
    const told = ended.steps.map(step => ({ ...step, text: '' }));
    assert.ok(!JSON.stringify(told).includes('hush'));
    assert.deepEqual([...(all.sessions.opened[0]?.protected ?? [])], [['TOKEN', 'hush-hush-hush']]);
    const used = all.store.audit.list({ limit: 100 }).filter(({ action }) => action === 'secret.used');
    assert.deepEqual(
      used.map(({ subject, details }) => [subject, details['provider'], details['step']]),
      [['TOKEN', 'env', 'b']],
    );
  });

  it('masks what is split over chunks, and gives it whole to a later cell', async () => {
    const text = front + cells({ 'a output=X': 'secret TOKEN\n# $TOKEN', b: 'var X' });
    const ended = await all.run(text);
    assert.equal(all.output(ended, 1), '•••\n');
    assert.equal(all.sessions.opened[0]?.env.get('X'), 'hush-hush-hush');
    assert.equal(ended.steps[0]?.outputs?.['X'], '•••');
    assert.match(ended.steps[0].message ?? '', /\$X_FILE has ••• in place of secrets/);
  });

  it('fails the step that cannot have its secret, and goes on with those that do not need it', async () => {
    const text = front + cells({ a: '# $GONE', b: 'print b', 'c needs=a': '' });
    const ended = await all.run(text, { keepGoing: true });
    assert.equal(says(ended), 'failed a:failed b:passed c:not-run');
    assert.deepEqual(
      [ended.steps[0]?.reason, ended.steps[0]?.message],
      ['error', 'Secret GONE: env has no variable G'],
    );
    assert.ok(!all.sessions.texts().includes('# $GONE'));
  });

  it('says which secret it waits for, and stops waiting when it is cancelled', async () => {
    const text = front + cells({ a: '# $SLOW' });
    const first = all.start(text);
    await stepThat(first, 'a', ({ message }) => message === 'fetching secret SLOW');
    letGo();
    const ended = await first.ended;
    assert.deepEqual([says(ended), ended.steps[0]?.message], ['passed a:passed', undefined]);
    const second = all.start(text);
    await stepThat(second, 'a', ({ message }) => message !== undefined);
    second.cancel();
    assert.equal(says(await second.ended), 'cancelled a:cancelled');
  });

  it('waits no longer for a secret than the cell may take', async () => {
    const ended = await all.run(front + cells({ 'a timeout=2s': '# $SLOW' }));
    const message = 'No answer for secret SLOW within 2 s (timeout=), so the cell was not started';
    assert.deepEqual([says(ended), ended.steps[0]?.message], ['failed a:failed', message]);
    const late = await all.run(front + cells({ a: '# $SLOW' }), { timeout: 3000 });
    assert.match(late.steps[0]?.message ?? '', /within 3 s \(the limit of this run\)/);
  });

  describe('whose steps a rule limits', () => {
    const policy = { ...PolicyFile.parse({ require: { timeout: '1m' } }), file: '/r/.handrail.yaml' };
    const world = { policies: () => [{ ...policy, placeOf: () => ({ line: 1, column: 1 }) }] };

    it('waits no longer than that for a secret', async () => {
      await using limited = await runFixture({ createSecrets, world });
      const ended = await limited.run(front + cells({ a: '# $SLOW' }));
      const message =
        'No answer for secret SLOW within 60 s (the limit that a rule sets), so the cell was not started';
      assert.deepEqual([says(ended), ended.steps[0]?.message], ['failed a:failed', message]);
    });

    it('leaves the cell what the fetching has left', async () => {
      const waits: number[] = [];
      let ahead = 0;
      const clock = {
        ...hastyClock,
        elapsed: () => hastyClock.elapsed() + ahead,
        after(ms: number, action: () => void) {
          waits.push(ms);
          return hastyClock.after(ms, action);
        },
      };
      const slowly: CreateSecrets = setting => ({
        ...createSecrets(setting),
        fetch: () => Promise.resolve(new Map([['TOKEN', String((ahead += 50_000))]])),
      });
      await using limited = await runFixture({ createSecrets: slowly, world, clock });
      const ended = await limited.run(front + cells({ a: 'hang\n# $TOKEN' }));
      assert.deepEqual([says(ended), ended.steps[0]?.reason], ['failed a:failed', 'timeout']);
      assert.deepEqual(
        waits.filter(ms => ms > 10_000),
        [60_000],
      );
    });
  });

  it('keeps inputs that are secret as it keeps secrets', async () => {
    const text =
      '---\ninputs: {PW: {type: secret}, NAME: string}\n---\n' + cells({ a: 'secret PW\n# $PW $NAME' });
    const ended = await all.run(text, { inputs: { PW: 'my-own-word', NAME: 'ana' } });
    assert.equal(all.output(ended, 0), '•••\n');
    assert.deepEqual(ended.inputs, { PW: '•••', NAME: 'ana' });
    assert.equal(all.sessions.opened[0]?.ran[0]?.env['PW'], undefined);
    assert.ok(!JSON.stringify(all.store.find(ended.id)).includes('my-own'));
  });

  it('fetches again what the state of a session lacks', async () => {
    const kept = { session: 'kept' } as const;
    await all.run(front + cells({ a: '' }), kept);
    all.sessions.opened[0]?.lacking.add('PIN');
    assert.equal(says(await all.run(front + cells({ b: 'print b' }), kept)), 'passed b:passed');
    assert.deepEqual(fetched, ['PIN']);
    assert.deepEqual([...(all.sessions.opened[0]?.protected.keys() ?? [])], ['PIN']);
  });

  for (const [name, why] of [
    ['GONE', /hold the secret GONE, .* env has no variable G/],
    ['UNKNOWN', /hold the secret UNKNOWN, .* not declare it any more/],
  ] as const) {
    it(`runs no cell where the session's state lacks ${name}, which cannot be had`, async () => {
      const kept = { session: 'kept' } as const;
      await all.run(front + cells({ a: '' }), kept);
      all.sessions.opened[0]?.lacking.add(name);
      const ended = await all.run(front + cells({ b: 'print b' }), kept);
      assert.deepEqual([says(ended), ended.steps[0]?.reason], ['failed b:failed', 'error']);
      assert.match(ended.steps[0]?.message ?? '', why);
      assert.ok(!all.sessions.texts().includes('print b'));
    });
  }
});
