import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PolicyFile } from '../../../../agent/config/policyFile';
import type { Clock } from '../../../../agent/engine/clock';
import { systemClock } from '../../../../agent/engine/clock';
import { createRuns } from '../../../../agent/engine/runs';
import type { ActiveRun, RunObserver, RunRequest, Runs } from '../../../../agent/engine/types';
import { HandrailError } from '../../../../agent/protocol/errors';
import type { RunRecord, StepRecord } from '../../../../agent/protocol/runs';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openStore } from '../../../../agent/store/openStore';
import type { RunStore } from '../../../../agent/store/types';
import { createFakeSessions } from '../../../support/fakeSessions';
import type { FakeSessions } from '../../../support/fakeSessions';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { cells, sampleRequest } from '../sampleRequest';

const cutOff =
  'A command in a pipe was cut off (SIGPIPE): the next one had read enough. Where that is fine: strict=false, or expect-exit=0,141';

describe('a run', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;
  let sessions: FakeSessions;
  let runs: Runs;
  let bugs: unknown[];
  const waits: number[] = [];

  // Retries wait for minutes; the test does not.
  const clock: Clock = {
    ...systemClock,
    after(ms, action) {
      waits.push(ms);
      return systemClock.after(Math.min(ms, 20), action);
    },
  };

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-engine');
    store = openStore(join(folder.path, 'data'));
    sessions = createFakeSessions();
    bugs = [];
    waits.length = 0;
    runs = createRuns({ store, sessions, clock, host: thisHost(), report: error => bugs.push(error) });
  });

  afterEach(async () => {
    await runs.close();
    store.close();
    await folder[Symbol.asyncDispose]();
    assert.deepEqual(bugs, []);
  });

  function request(text: string, change: Partial<RunRequest> = {}): RunRequest {
    return sampleRequest(text, { file: join(folder.path, 'x.runbook.md'), ...change });
  }

  /** Runs to the end; everything it told must be on disk already, in order. */
  async function run(
    text: string,
    change: Partial<RunRequest> = {},
    meanwhile?: (active: ActiveRun) => unknown,
    observer = checkingObserver(store),
  ): Promise<RunRecord> {
    const active = runs.start(request(text, change), observer);
    await meanwhile?.(active);
    const ended = await active.ended;
    assert.deepEqual(store.find(ended.id), ended);
    assert.equal(runs.active(ended.id), undefined);
    return ended;
  }

  function says(ended: RunRecord): string {
    return [ended.state, ...ended.steps.map(({ name, state }) => `${name}:${state}`)].join(' ');
  }

  const outcomes: readonly (readonly [
    what: string,
    cells: Record<string, string>,
    outcome: string,
    change?: Partial<RunRequest>,
  ])[] = [
    ['all pass', { a: '', b: 'print x' }, 'passed a:passed b:passed'],
    ['one fails', { a: '', b: 'exit 7', c: '' }, 'failed a:passed b:failed c:not-run'],
    ['one is killed', { a: 'signal SIGKILL', b: '' }, 'failed a:failed b:not-run'],
    ['one cannot start', { 'a retries=3': 'error no such program', b: '' }, 'failed a:failed b:not-run'],
    ['one fails and may', { 'a on-error=continue': 'exit 1', b: '' }, 'failed a:failed b:passed'],
    [
      'one fails, to be gone on with',
      { a: 'exit 1', b: '', 'c needs=a': '' },
      'failed a:failed b:passed c:not-run',
      { keepGoing: true },
    ],
    ['another exit code is accepted', { 'a expect-exit=0,7': 'exit 7' }, 'passed a:passed'],
    ['0 is not accepted', { 'a expect-exit=7': '' }, 'failed a:failed'],
    ['when says no', { 'a when="exit 1"': 'print x', b: '' }, 'passed a:skipped b:passed'],
    ['when says yes', { 'a when="print y"': 'print x' }, 'passed a:passed'],
    ['when cannot be asked', { 'a when="error x"': '', b: '' }, 'failed a:failed b:not-run'],
    [
      'unless says it is done',
      { 'a unless="print y"': 'exit 1', 'b needs=a': '' },
      'passed a:skipped b:passed',
    ],
    ['unless says it is not done', { 'a unless="exit 1"': '' }, 'passed a:passed'],
    [
      'what a cell needs was skipped',
      { 'a when="exit 1"': '', 'b needs=a': '' },
      'passed a:skipped b:skipped',
    ],
    ['verify says no', { 'a verify="exit 3"': '', b: '' }, 'failed a:failed b:not-run'],
    ['verify says yes', { 'a verify="print y"': '' }, 'passed a:passed'],
    ['a retry passes', { 'a retries=2': 'exit-until 2 9' }, 'passed a:passed'],
    ['no retry passes', { 'a retries=2': 'exit-until 3 9' }, 'failed a:failed'],
    ['verify passes at a retry', { 'a retries=1 verify="exit-until 1 4"': '' }, 'passed a:passed'],
    ['its time is over', { 'a timeout=10ms': 'hang', b: '' }, 'failed a:failed b:not-run'],
    ['the time of all is over', { a: 'hang' }, 'failed a:failed', { timeout: 10 }],
  ];
  for (const [what, texts, outcome, change] of outcomes) {
    it(`is ${outcome} if ${what}`, async () => {
      const ended = await run(cells(texts), change);
      assert.equal(says(ended), outcome);
      const done = ended.steps.filter(({ state }) => state !== 'not-run').length;
      assert.deepEqual([ended.stepsDone, ended.stepsTotal], [done, ended.steps.length]);
    });
  }

  const reasons: readonly (readonly [head: string, text: string, facts: Partial<StepRecord>])[] = [
    ['a', 'exit 7', { reason: 'exit', exit: 7, failedLine: 2 }],
    ['a', '', { reason: 'exit', exit: 0 }],
    ['a', 'signal SIGKILL', { reason: 'signal', signal: 'SIGKILL' }],
    ['a timeout=5ms', 'hang', { reason: 'timeout', signal: 'SIGINT' }],
    ['a', 'error no bash', { reason: 'error', message: 'no bash' }],
    ['a when="exit 3"', '', { reason: 'guard', message: 'when exited 3: exit 3' }],
    ['a unless="print x"', '', { reason: 'satisfied', message: 'done already: print x' }],
    ['a verify="exit 2"', '', { reason: 'exit', exit: 2, message: 'verify exited 2: exit 2' }],
    ['a cwd=nowhere', '', { reason: 'error' }],
    ['a timeout=5ms', 'hang', { message: 'stopped after 0.005 s (timeout=)' }],
    ['a', 'exit 141', { exit: 141, message: cutOff }],
    ['a expect-exit=3,4', '', { state: 'failed', exit: 0, message: 'expect-exit wants 3 or 4' }],
    ['a strict=false', 'exit 141', { exit: 141, message: undefined }],
    ['a expect-exit=0,141', 'exit 141', { state: 'passed', message: undefined }],
  ];
  for (const [head, text, facts] of reasons) {
    it(`records why “${head}” with “${text}” ended`, async () => {
      const step = (await run(cells({ [head]: text }))).steps[0];
      for (const [fact, value] of Object.entries(facts)) {
        assert.deepEqual(step?.[fact as keyof StepRecord], value, fact);
      }
      assert.ok(
        step?.startedAt !== undefined && step.endedAt !== undefined && step.endedAt >= step.startedAt,
      );
    });
  }

  it('waits longer before each retry, by chance, and says so', async () => {
    const seen: string[] = [];
    const text = cells({ 'a retries=3 retry-delay=10s': 'exit-until 3 9' });
    const observer = {
      ...silent,
      stepChanged: (_run: RunRecord, { attempt, message }: StepRecord) =>
        seen.push(`${attempt} ${message ?? ''}`),
    };
    const ended = await runs.start(request(text), observer).ended;
    assert.equal(ended.steps[0]?.attempt, 4);
    assert.equal(ended.steps[0].message, undefined);
    const delays = waits.filter(ms => ms >= 5000);
    assert.equal(delays.length, 3);
    delays.forEach((ms, at) => assert.ok(ms >= 5000 * 2 ** at && ms <= 10_000 * 2 ** at, String(ms)));
    assert.match(
      seen.join('\n'),
      /^1 \n1 attempt 1 of 4: exit 9, again in [\d.]+ s\n2 \n2 attempt 2 of 4: exit 9,[^\n]*\n3 \n3 attempt 3[^\n]*\n4 \n4 $/,
    );
  });

  it('is not tried again where the time that a rule gives it would be over', async () => {
    const policy = { ...PolicyFile.parse({ require: { timeout: '1m' } }), file: '/r/.handrail.yaml' };
    const policies = () => [{ ...policy, placeOf: () => ({ line: 1, column: 1 }) }];
    const ruled = createRuns({ store, sessions, clock, host: thisHost(), world: { policies } });
    const text = cells({ 'a retries=3 retry-delay=4m': 'exit-until 3 9' });
    const [step] = (await ruled.start(request(text), silent).ended).steps;
    await ruled.close();
    assert.deepEqual([step?.state, step?.exit, step?.attempt], ['failed', 9, 1]);
  });

  describe('that is cancelled', () => {
    const running = (active: ActiveRun, name: string): Promise<unknown> =>
      waitFor(`${name} to run`, () =>
        active.record.steps.some(step => step.name === name && step.state === 'running'),
      );

    it('before it began runs nothing', async () => {
      const ended = await run(cells({ a: 'print x', b: '' }), {}, active => active.cancel());
      assert.equal(says(ended), 'cancelled a:not-run b:not-run');
      assert.deepEqual(sessions.texts(), []);
    });

    it('in a step stops it and starts no other', async () => {
      const ended = await run(cells({ a: '', b: 'hang', c: '' }), { keepGoing: true }, async active => {
        await running(active, 'b');
        active.cancel();
      });
      assert.equal(says(ended), 'cancelled a:passed b:cancelled c:not-run');
      assert.equal(ended.steps[1]?.reason, 'cancel');
    });

    for (const [what, head] of [
      ['a guard', 'a when=hang'],
      ['verification', 'a verify=hang'],
    ] as const) {
      it(`in ${what} stops that`, async () => {
        const ended = await run(cells({ [head]: '' }), {}, async active => {
          await running(active, 'a');
          await waitFor('it to hang', () => sessions.texts().includes('hang'));
          active.cancel();
        });
        assert.equal(says(ended), 'cancelled a:cancelled');
      });
    }

    it('while it waits for a retry waits no longer', async () => {
      const slow = systemClock;
      runs = createRuns({
        store,
        sessions,
        clock: slow,
        host: thisHost(),
        report: error => bugs.push(error),
      });
      const ended = await run(cells({ 'a retries=9 retry-delay=1h': 'exit 1' }), {}, async active => {
        await waitFor('the wait', () => active.record.steps[0]?.message?.includes('attempt 1'));
        active.cancel();
      });
      assert.equal(says(ended), 'cancelled a:cancelled');
      assert.equal(ended.steps[0]?.message, undefined);
    });

    it('in one step that runs starts no other', async () => {
      const ended = await run(cells({ a: 'hang', b: '' }), {}, async active => {
        await running(active, 'a');
        active.cancel(0);
      });
      assert.equal(says(ended), 'cancelled a:cancelled b:not-run');
    });

    it('in one step that has not begun leaves that one out', async () => {
      const ended = await run(cells({ a: '', b: '', 'c needs=b': '', d: '' }), {}, active =>
        active.cancel(1),
      );
      assert.equal(says(ended), 'cancelled a:passed b:cancelled c:not-run d:passed');
    });

    it('after its end stays as it is', async () => {
      const active = runs.start(request(cells({ a: '' })), silent);
      const ended = await active.ended;
      active.cancel();
      active.cancel(0);
      assert.deepEqual(active.record, ended);
    });
  });

  it('records output before it is told, with what guards print apart from stdout', async () => {
    const ended = await run(cells({ 'a when="print guard" verify="print proof"': 'print one\nprint two' }));
    const page = store.readOutput(ended.id, 0, 0, 1e6);
    assert.deepEqual(
      page.chunks.map(({ stream, bytes }) => [stream, Buffer.from(bytes).toString()]),
      [
        ['stderr', 'guard\n'],
        ['stdout', 'one\n'],
        ['stdout', 'two\n'],
        ['stderr', 'proof\n'],
      ],
    );
    assert.deepEqual([ended.steps[0]?.outputSeq, ended.steps[0]?.outputBytes], [4, 20]);
  });

  it('reads no more from a cell than its observer takes', async () => {
    let goOn = (): void => undefined;
    const seen: string[] = [];
    const observer: RunObserver = {
      ...silent,
      output(_run, _step, { bytes }) {
        seen.push(Buffer.from(bytes).toString().trim());
        return new Promise(resolve => (goOn = resolve));
      },
    };
    const active = runs.start(request(cells({ a: 'print 1\nprint 2' })), observer);
    await waitFor('output', () => seen.length > 0);
    await new Promise(resolve => setImmediate(resolve));
    assert.deepEqual(seen, ['1']);
    goOn();
    await waitFor('more output', () => seen.length === 2);
    goOn();
    assert.equal((await active.ended).state, 'passed');
  });

  it('tells its cells who and where they are', async () => {
    mkdirSync(join(folder.path, 'sub'));
    const text =
      '---\ncwd: sub\nenv: {REGION: eu, N: 3}\nshell: zsh\n---\n' +
      cells({ 'a cwd=sub env=X=1,Y=2': 'one\ntwo' });
    const ended = await run(text);
    const [session] = sessions.opened;
    assert.equal(session?.environment.cwd, join(folder.path, 'sub'));
    assert.deepEqual([session.environment.env.REGION, session.environment.env.N], ['eu', '3']);
    const { env, ...spec } = session.ran[0] ?? assert.fail();
    const { HANDRAIL_OUTPUT, ...told } = env;
    assert.deepEqual(spec, {
      language: 'zsh',
      text: 'one\ntwo\n',
      file: ended.file,
      line: 7,
      cwd: join(folder.path, 'sub'),
      strict: true,
      terminal: undefined,
    });
    assert.match(HANDRAIL_OUTPUT ?? '', new RegExp(`/output-${ended.id}-0$`));
    assert.deepEqual(told, {
      X: '1',
      Y: '2',
      HANDRAIL_RUN: ended.id,
      HANDRAIL_STEP: 'a',
      HANDRAIL_FILE: ended.file,
    });
  });

  const terminals: readonly (readonly [head: string, attended: boolean, tty: boolean])[] = [
    ['a', true, true],
    ['a', false, false],
    ['a tty=never', true, false],
    ['a tty=always', false, true],
    ['a mime=application/json', true, false],
  ];
  for (const [head, attended, tty] of terminals) {
    it(`${tty ? 'gives' : 'does not give'} “${head}” a terminal ${attended ? 'where' : 'if nobody'} looks on`, async () => {
      const ended = await run(cells({ [head]: '' }), { attended });
      assert.equal(ended.steps[0]?.tty, tty);
      assert.deepEqual(sessions.opened[0]?.ran[0]?.terminal, tty ? { columns: 80, rows: 24 } : undefined);
    });
  }

  it('is refused before anything is recorded', () => {
    assert.throws(() => runs.start(request('no cells'), silent), HandrailError);
    assert.throws(
      () => runs.start(request('---\ncwd: nowhere\n---\n' + cells({ a: '' })), silent),
      /:2:1: cwd.*nowhere/,
    );
    assert.equal(store.find('last'), undefined);
    assert.equal(runs.size, 0);
  });

  it('closes a session of its own when it ends', async () => {
    await run(cells({ a: 'exit 1' }));
    assert.deepEqual(
      sessions.opened.map(({ closed }) => closed),
      [true],
    );
  });

  const bug = (): never => {
    throw new Error('a bug');
  };
  const when =
    (...states: StepRecord['state'][]) =>
    (_run: RunRecord, { state }: StepRecord): void => {
      if (states.includes(state)) bug();
    };
  const buggy: Record<string, [observer: Partial<RunObserver>, reported: number]> = {
    'that its run begins and ends': [{ runChanged: bug }, 1],
    'that a step runs': [{ stepChanged: when('running') }, 1],
    'how a step ended': [{ stepChanged: when('passed', 'failed', 'not-run') }, 1],
    'any of it': [{ runChanged: bug, stepChanged: bug, output: bug }, 3],
    'what is printed': [{ output: bug }, 1],
    'what is printed, later': [{ output: () => Promise.reject(new Error('a bug')) }, 1],
  };
  for (const [what, [observer, reported]] of Object.entries(buggy)) {
    it(`goes on where its observer cannot be told ${what}`, async () => {
      const text = cells({ a: 'print 1', b: 'print 2\nexit 1', c: '' });
      const ended = await run(text, {}, undefined, { ...silent, ...observer });
      assert.equal(says(ended), 'failed a:passed b:failed c:not-run');
      assert.deepEqual(bugs.splice(0).map(String), Array(reported).fill('Error: a bug'));
    });
  }

  it('fails where its session has a bug, and the next one goes on', async () => {
    const kept = { session: 'kept' } as const;
    const ended = await run(cells({ a: 'reject x', b: '' }), kept);
    assert.equal(says(ended), 'failed a:failed b:not-run');
    assert.match(ended.steps[0]?.message ?? '', /^A bug in Handrail: x$/);
    assert.deepEqual(bugs.splice(0).map(String), ['Error: x']);
    assert.equal((await run(cells({ a: '' }), kept)).state, 'passed');
  });

  describe('in a kept session', () => {
    const kept = { session: 'kept' } as const;
    const texts = cells({ a: '', 'b needs=a': 'hang', c: '' });
    const only = (...indexes: number[]): Partial<RunRequest> => ({
      ...kept,
      selection: { kind: 'cells', indexes },
    });

    it('waits for the run that has it, and says so', async () => {
      const first = runs.start(request(cells({ a: 'hang' }), kept), silent);
      const second = runs.start(request(cells({ a: '', b: '' }), kept), silent);
      await waitFor('the message', () => second.record.steps[0]?.message);
      assert.match(second.record.steps[0]?.message ?? '', new RegExp(`waits for run ${first.record.id}`));
      assert.equal(second.record.steps[0]?.state, 'pending');
      const third = runs.start(request(cells({ a: 'print 3' }), kept), silent);
      third.cancel();
      assert.equal((await third.ended).state, 'cancelled');
      first.cancel();
      assert.equal((await second.ended).state, 'passed');
      assert.equal(second.record.steps[0]?.message, undefined);
      assert.equal(sessions.opened.length, 1);
      assert.equal(sessions.opened[0]?.closed, false);
    });

    it('is not given to two runs when one that waited is cancelled', async () => {
      const first = runs.start(request(cells({ a: 'hang' }), kept), silent);
      const second = runs.start(request(cells({ a: '' }), kept), silent);
      const third = runs.start(request(cells({ a: 'print 3' }), kept), silent);
      second.cancel();
      await second.ended;
      assert.equal(third.record.steps[0]?.state, 'pending');
      assert.ok(!sessions.texts().includes('print 3'));
      first.cancel();
      assert.equal((await third.ended).state, 'passed');
    });

    it('does not run again what passed and is needed', async () => {
      const text = cells({ a: 'print a', 'b needs=a': 'print b' });
      assert.equal(says(await run(text, only(1))), 'passed a:passed b:passed');
      assert.equal(says(await run(text, only(1))), 'passed b:passed');
      assert.equal(says(await run(text.replace('print a', 'print A'), only(1))), 'passed a:passed b:passed');
      assert.equal(says(await run(text, kept)), 'passed a:passed b:passed');
      await runs.resetSession(request(text).file, 'editor');
      assert.equal(says(await run(text, only(1))), 'passed a:passed b:passed');
      const row = store.audit.list({ limit: 100 }).find(({ action }) => action === 'session.reset');
      assert.equal(row?.actor, `${request(text).environment.user} via editor`);
    });

    it('starts again what went on in the background as long as the run', async () => {
      const text = cells({ 'a background': 'hang', 'b needs=a': 'print b' });
      assert.equal(says(await run(text, only(1))), 'passed a:passed b:passed');
      assert.equal(says(await run(text, only(1))), 'passed a:passed b:passed');
    });

    it('skips what passed while it waited', async () => {
      const text = cells({ a: '', 'b needs=a': '' });
      const first = runs.start(request(text, only(0)), silent);
      const second = runs.start(request(text, only(1)), silent);
      await first.ended;
      assert.equal(says(await second.ended), 'passed a:skipped b:passed');
    });

    it('is the one of its runbook whatever the client, and is told what changed there', async () => {
      const { environment } = request('');
      const withEnv = (env: Record<string, string>): Partial<RunRequest> => ({
        ...kept,
        environment: { ...environment, env: { ...environment.env, ...env } },
      });
      const region = (): string | undefined => sessions.opened[0]?.environment.env['REGION'];
      await run(cells({ a: '' }), withEnv({ SSH_AUTH_SOCK: '/old', REGION: 'eu' }));
      const first = runs.start(request(cells({ a: 'hang' }), withEnv({ REGION: 'us' })), silent);
      const second = runs.start(request(cells({ a: '' }), withEnv({ REGION: 'asia' })), silent);
      const third = runs.start(request(cells({ a: '' }), withEnv({ REGION: 'never' })), silent);
      await waitFor('it to hang', () => sessions.texts().includes('hang'));
      third.cancel(0);
      await third.ended;
      assert.equal(region(), 'us');
      first.cancel();
      await second.ended;
      assert.equal(region(), 'asia');
      assert.deepEqual([runs.sessions().length, sessions.opened.length], [1, 1]);
    });

    it('is cancelled when the session is reset', async () => {
      const active = runs.start(request(texts, only(1)), silent);
      await waitFor('it to hang', () => sessions.texts().includes('hang'));
      await runs.resetSession(active.record.file, 'editor');
      assert.equal((await active.ended).state, 'cancelled');
      assert.equal(runs.sessions().length, 0);
      assert.equal(sessions.opened[0]?.closed, true);
    });

    it('is a new one for whoever starts while the old one is being reset', async () => {
      const old = runs.start(request(cells({ a: 'cling' }), kept), silent);
      const waiting = runs.start(request(cells({ a: 'print never' }), kept), silent);
      await waitFor('it to hang', () => sessions.texts().includes('cling'));
      const reset = runs.resetSession(old.record.file, 'editor');
      const next = runs.start(request(cells({ a: 'print next' }), kept), silent);
      assert.equal((await next.ended).state, 'passed');
      assert.equal(old.record.state, 'running');
      old.cancel();
      await reset;
      assert.deepEqual([(await old.ended).state, (await waiting.ended).state], ['cancelled', 'cancelled']);
      assert.deepEqual(
        sessions.opened.map(({ closed }) => closed),
        [true, false],
      );
      assert.equal((await run(cells({ a: 'print again' }), kept)).state, 'passed');
      assert.equal(sessions.opened.length, 2);
    });

    it('is searched for processes only when somebody asks for them', async () => {
      await run(cells({ a: '' }), kept);
      const [session] = runs.sessions();
      assert.equal(sessions.opened[0]?.looks, 0);
      assert.deepEqual([await session?.processes(), sessions.opened[0].looks], [[], 1]);
    });

    it('is closed after hours without use', async () => {
      await run(cells({ a: '' }), kept);
      assert.ok(waits.includes(8 * 60 * 60 * 1000));
      await waitFor('it to be closed', () => sessions.opened[0]?.closed);
      assert.equal(runs.sessions().length, 0);
    });
  });

  describe('whose history cannot be written', () => {
    let broken: boolean;
    /** A bug: an error that the store knows nothing of, when it is to record such a step. */
    let brokenAt: StepRecord['state'] | undefined;
    const bugOfTheStore = new TypeError('a bug of the store');
    const full = new HandrailError('store', 'No space is left', { reason: 'full' });
    const failing = (): RunStore =>
      new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (name === 'openOutput')
            return (...args: [string, number]) => failingWriter(target.openOutput(...args));
          if (typeof member !== 'function') return member;
          return (...args: unknown[]): unknown => {
            const steps = name === 'update' ? (args[1] as StepRecord[]) : [];
            if (steps.some(({ state }) => state === brokenAt)) throw bugOfTheStore;
            if (broken && (name === 'create' || name === 'update')) throw full;
            return Reflect.apply(member, target, args);
          };
        },
      });
    const failingWriter = (writer: ReturnType<RunStore['openOutput']>): typeof writer =>
      new Proxy(writer, {
        get(target, name) {
          if (name === 'append' && broken)
            return () => {
              throw full;
            };
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      });

    beforeEach(() => {
      broken = false;
      brokenAt = undefined;
      runs = createRuns({
        store: failing(),
        sessions,
        clock,
        host: thisHost(),
        report: error => bugs.push(error),
      });
    });

    it('does not start', () => {
      broken = true;
      assert.throws(() => runs.start(request(cells({ a: '' })), silent), full);
      assert.equal(runs.size, 0);
    });

    it('lets the step end that runs, says what is missing, and starts no other', async () => {
      const seen: [number, string][] = [];
      const observer: RunObserver = {
        ...silent,
        output(_run, _step, { seq, bytes }) {
          seen.push([seq, Buffer.from(bytes).toString()]);
          broken = true;
        },
      };
      const ended = await runs.start(request(cells({ a: 'print 1\nprint 2', b: 'print 3', c: '' })), observer)
        .ended;
      assert.equal(says(ended), 'failed a:passed b:failed c:not-run');
      assert.match(ended.steps[0]?.message ?? '', /after byte 2 is not recorded.*No space/);
      assert.match(ended.steps[1]?.message ?? '', /not started.*No space/);
      assert.equal(ended.steps[0]?.outputBytes, 4);
      assert.deepEqual(seen, [
        [1, '1\n'],
        [1, '2\n'],
      ]);
      assert.deepEqual(sessions.texts(), ['print 1\nprint 2']);
    });

    const storeBugs: Record<string, [at: StepRecord['state'], text: string, outcome: string]> = {
      'a step begins': ['running', '', 'failed a:failed b:not-run'],
      'a step ends': ['passed', '', 'failed a:passed b:not-run'],
      'the rest is left out': ['not-run', 'exit 1', 'failed a:failed b:not-run'],
    };
    for (const [what, [at, text, outcome]] of Object.entries(storeBugs)) {
      it(`ends and gives its session back where the store has a bug when ${what}`, async () => {
        const told: string[] = [];
        brokenAt = at;
        const observer = { ...silent, runChanged: ({ state }: RunRecord) => void told.push(state) };
        const start = request(cells({ a: text, b: '' }), { session: 'kept' });
        const ended = await runs.start(start, observer).ended;
        assert.equal(says(ended), outcome);
        assert.deepEqual([runs.active(ended.id), runs.size, told], [undefined, 0, ['running', 'failed']]);
        assert.ok(bugs.splice(0).every(error => error === bugOfTheStore));
        brokenAt = undefined;
        assert.equal((await run(cells({ a: '' }), { session: 'kept' })).state, 'passed');
        assert.equal(sessions.opened.length, 1);
      });
    }

    it('is told from memory when it has ended, and its end is written once that can be done', async () => {
      const observer: RunObserver = { ...silent, stepChanged: () => void (broken = true) };
      const { id, state } = await runs.start(request(cells({ a: '', b: '' })), observer).ended;
      assert.deepEqual([state, store.find(id)?.state, runs.size], ['failed', 'running', 0]);
      const told = runs.active(id)?.record;
      assert.equal(told?.state, 'failed');
      broken = false;
      await waitFor('its end to be written', () => store.find(id)?.state === 'failed');
      assert.deepEqual(store.find(id), told);
      assert.equal(runs.active(id), undefined);
    });

    it('writes later what it could not write', async () => {
      const observer: RunObserver = {
        ...silent,
        stepChanged(_run, { state, index }) {
          broken = index === 0 && state === 'running';
        },
      };
      const ended = await runs.start(request(cells({ a: '', b: '' })), observer).ended;
      assert.equal(says(ended), 'passed a:passed b:passed');
      assert.deepEqual(store.find(ended.id), ended);
    });
  });
});

const silent: RunObserver = {
  runChanged: () => undefined,
  stepChanged: () => undefined,
  output: () => undefined,
};

/** Fails where it hears of what is not on disk. */
function checkingObserver(store: RunStore): RunObserver {
  let seq = 0;
  const check = (run: RunRecord): void => {
    assert.deepEqual(store.find(run.id), run);
    assert.ok(run.seq > seq, `${run.seq} after ${seq}`);
    seq = run.seq;
  };
  return {
    runChanged: check,
    stepChanged(run, step) {
      assert.deepEqual(run.steps[step.index], step);
      assert.deepEqual(store.find(run.id)?.steps[step.index], step);
    },
    output(run, step, piece) {
      const page = store.readOutput(run.id, step.index, piece.seq - 1, 1);
      assert.deepEqual(page.chunks[0], { ...piece, bytes: Uint8Array.from(piece.bytes) });
    },
  };
}
