import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { systemClock } from '../../../../agent/engine/clock';
import { createRuns } from '../../../../agent/engine/runs';
import type { RunObserver, RunRequest, Runs } from '../../../../agent/engine/types';
import type { SessionFactory } from '../../../../agent/executors/executor';
import { createSessionFactory } from '../../../../agent/executors/sessions';
import type { RunRecord } from '../../../../agent/protocol/runs';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openStore } from '../../../../agent/store/openStore';
import type { RunStore } from '../../../../agent/store/types';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { cells, sampleRequest } from '../sampleRequest';

describe('a run of real shells', function () {
  this.timeout(30_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;
  let sessions: SessionFactory;
  let runs: Runs;

  before(async () => {
    folder = await temporaryFolder('handrail-real');
    store = openStore(join(folder.path, 'data'), {
      limits: { head: 3 << 20, tail: 1 << 20, segment: 1 << 18 },
    });
    sessions = createSessionFactory({ folder: join(folder.path, 'run'), hostId: randomUUID() });
    runs = createRuns({ store, sessions, clock: systemClock, host: thisHost() });
  });

  after(async () => {
    await runs.close();
    await sessions.close();
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  const request = (text: string, change: Partial<RunRequest> = {}): RunRequest =>
    sampleRequest(text, { file: join(folder.path, 'x.runbook.md'), ...change });

  const output = (run: RunRecord, step: number): string =>
    Buffer.concat(store.readOutput(run.id, step, 0, 1e9).chunks.map(({ bytes }) => bytes)).toString();

  it('shares state between cells, but not that of guards', async () => {
    const text = cells({
      'a when="cd /tmp; LEAK=1; true"': 'X=1; cd /usr',
      b: 'echo "$X $PWD ${LEAK:-none}"; echo "$HANDRAIL_STEP"',
      'c unless="echo asked; false" verify="test $Y = 2"': 'Y=2',
    });
    const run = await runs.start(request(text), silent).ended;
    assert.equal(run.state, 'passed', JSON.stringify(run.steps));
    assert.equal(output(run, 1), '1 /usr none\nb\n');
    assert.equal(output(run, 2), 'asked\n');
  });

  it('tells how ready answered last, though the deadline cuts off the try after it', async () => {
    const ready = 'echo asking; echo port closed; test ! -e once && touch once && exit 4; sleep 60';
    const text = cells({ [`a background cwd=. timeout=2s ready="${ready}"`]: 'sleep 60' });
    const [step] = (await runs.start(request(text), silent).ended).steps;
    const said = /^not ready within 2 s, so it was ended; ready last exited 4: .*\nready said: port closed$/;
    assert.match(step?.message ?? '', said);
  });

  describe('tells of a guard that could not answer,', () => {
    const missing = 'could not answer (exit 127: a command in it was not found), so the cell was';
    const wrong = 'could not answer (exit 2: the shell cannot read it), so the cell was';
    const rows: readonly (readonly [guard: string, state: string, message: string | undefined])[] = [
      ['when="nowhere-to-be-found x"', 'skipped', `when ${missing} skipped: nowhere-to-be-found x`],
      ['unless="nowhere-to-be-found x"', 'passed', `unless ${missing} run: nowhere-to-be-found x`],
      ['when="test ( x"', 'skipped', `when ${wrong} skipped: test ( x`],
      ['unless="if true; then"', 'passed', `unless ${wrong} run: if true; then`],
      [
        'unless=/',
        'passed',
        'unless could not answer (exit 126: a command in it cannot be executed), so the cell was run: /',
      ],
      ['when="grep x /nowhere"', 'skipped', 'when exited 2: grep x /nowhere'],
      ['unless="grep x /nowhere"', 'passed', undefined],
      ['unless="exit 1"', 'passed', undefined],
    ];
    for (const [guard, state, message] of rows) {
      it(`${guard}`, async () => {
        const run = await runs.start(request(cells({ [`a ${guard}`]: 'true' })), silent).ended;
        assert.deepEqual([run.steps[0]?.state, run.steps[0]?.message], [state, message]);
      });
    }
  });

  it('names the line of the file that failed', async () => {
    const run = await runs.start(request(cells({ a: 'true', b: 'true\nfalse\ntrue' })), silent).ended;
    const [, step] = run.steps;
    assert.deepEqual([run.state, step?.exit, step?.failedLine], ['failed', 1, 7]);
  });

  it('stops what it runs, and goes on in the same session', async () => {
    const kept = { session: 'kept' } as const;
    const active = runs.start(request(cells({ a: 'Z=3; echo on; sleep 1000' }), kept), silent);
    await waitFor('output', () => active.record.steps[0]?.outputBytes === 3);
    active.cancel();
    assert.equal((await active.ended).state, 'cancelled');
    const next = await runs.start(request(cells({ a: 'echo $Z' }), kept), silent).ended;
    assert.equal(output(next, 0), '3\n');
  });

  it('keeps beginning and end of a long output, counts the rest, and passes all of it on', async () => {
    let passedOn = 0;
    const observer: RunObserver = {
      ...silent,
      output: (_run, _step, { bytes }) => void (passedOn += bytes.length),
    };
    const run = await runs.start(request(cells({ a: 'seq 1500000' })), observer).ended;
    const [step] = run.steps;
    assert.equal(step?.outputBytes, 10_888_896);
    assert.equal(passedOn, 10_888_896);
    const first = store.readOutput(run.id, 0, 0, 1e9);
    const rest = store.readOutput(run.id, 0, first.seq, 1e9);
    const kept = [first, rest].map(({ chunks }) => Buffer.concat(chunks.map(({ bytes }) => bytes)));
    assert.ok(kept[0]?.toString().startsWith('1\n2\n3\n'));
    assert.ok(kept[1]?.toString().endsWith('1499999\n1500000\n'));
    assert.equal((kept[0]?.length ?? 0) + (kept[1]?.length ?? 0) + rest.cutBytes, 10_888_896);
    assert.ok(rest.cutBytes > 5_000_000);
  });
});

const silent: RunObserver = {
  runChanged: () => undefined,
  stepChanged: () => undefined,
  output: () => undefined,
};
