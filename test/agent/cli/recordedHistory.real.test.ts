import * as assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { handrailFolders } from '../../../agent/folders';
import type { RunRecord } from '../../../agent/protocol/runs';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { RunStore } from '../../../agent/store/types';
import { sampleRun, sampleStep } from '../store/sampleRun';
import { Place, runbook } from './handrail';

/** Puts something into the history of a place, as a run would. */
function fill(place: Place, work: (store: RunStore) => void): void {
  const store = openStore(handrailFolders(place.env).data);
  work(store);
  store.close();
}

function record(
  store: RunStore,
  id: string,
  printed: readonly string[],
  change: Partial<RunRecord> = {},
): void {
  const steps = printed.map((text, at) =>
    sampleStep(at, {
      state: 'passed',
      exit: 0,
      reason: 'exit',
      outputBytes: text.length,
      startedAt: 1,
      endedAt: 5,
    }),
  );
  store.create(
    sampleRun(id, steps.length, { steps, state: 'passed', endedAt: Date.now(), ...change }),
    thisHost(),
  );
  printed.forEach((text, at) => {
    const output = store.openOutput(id, at);
    output.append('stdout', Buffer.from(text), 1);
    output.close();
    store.index(id, at, text);
  });
}

describe('handrail runs --search', () => {
  it('finds steps by what they printed', async () => {
    await using place = await Place.make();
    fill(place, store => {
      record(store, '8f3a00000001', ['all is well\n', 'x\nerror: connection refused by db\n']);
      record(store, '8f3b00000001', ['connection refused by cache\n'], {
        state: 'failed',
        file: '/books/other.md',
      });
    });
    const all = await place.run(['runs', '--search', '"connection refused"']);
    assert.match(
      all.stdout,
      /^8f3b\w+ {2}other {3}✓ step-0 {2}\S.* {2}connection refused by cache\n8f3a\w+ {2}deploy {2}✓ step-1 /,
    );
    const few = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await place.run(['runs', '--json', '--search', ...args]);
      return (JSON.parse(stdout) as { run: { id: string }; excerpt: string }[]).map(({ run }) => run.id);
    };
    assert.deepEqual(await few('refused', '--state', 'passed'), ['8f3a00000001']);
    assert.deepEqual(await few('refused', '--file', '/books/other.md'), ['8f3b00000001']);
    assert.deepEqual(await few('refused', '--limit', '1'), ['8f3b00000001']);
    assert.match((await place.run(['runs', '--search', '-- OR'])).stderr, /Nothing found/);
    assert.match((await place.run(['runs', '--search', '*'])).stderr, /Nothing to look for/);
  });
});

describe('handrail show', () => {
  it('tells a part of a runbook from the whole of it', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'true', b: 'true', c: 'true' }) });
    for (const args of [[], ['b'], ['--from', 'b'], ['a', 'c']]) await place.run(['run', 'a.md', ...args]);
    const { stdout } = await place.run(['runs']);
    const names = stdout.split('\n').map(line => /^\w+ +(a.*?) +✓/.exec(line)?.[1]);
    assert.deepEqual(names.slice(0, 4), ['a · 2 of 3 cells', 'a · from b', 'a · only b', 'a']);
    assert.match((await place.run(['show', 'last'])).stdout, /^2 of 3 cells$/m);
  });

  it('tells what is not kept of a step that passed, and how much of its output', async () => {
    await using place = await Place.make();
    const message =
      'BIG is not set: the output has 100000 bytes\nOutput after byte 3 is not recorded. No space';
    fill(place, store => {
      const steps = [
        sampleStep(0, { state: 'passed', outputBytes: 10, message, startedAt: 1, endedAt: 5 }),
        sampleStep(1, { state: 'passed', outputBytes: 0, startedAt: 5, endedAt: 6 }),
      ];
      store.create(sampleRun('8f3a', 2, { steps, state: 'passed', endedAt: 9 }), thisHost());
      const output = store.openOutput('8f3a', 0);
      output.append('stdout', Buffer.from('abc'), 1);
      output.close();
    });
    const { stdout } = await place.run(['show', '8f3a']);
    assert.match(
      stdout,
      /\n {2}BIG is not set: .* bytes\n {2}Output after byte 3 is not recorded\. No space\n/,
    );
    const printed = await place.run(['show', '8f3a', '--output']);
    assert.deepEqual([printed.stdout, printed.stderr], ['abc', '[7 bytes could not be recorded]\n']);
  });

  it('shows inputs, identity, approvals, outputs and what the run goes on from', async () => {
    await using place = await Place.make();
    const change: Partial<RunRecord> = {
      inputs: { service: 'api', token: '•••' },
      identity: [{ kind: 'kube', label: 'prod-eu as ana', values: {}, held: true }],
      continues: { run: '7c2e00000001', how: 'resume' },
      message: 'stopped: kube is now prod-us as ana',
      steps: [
        sampleStep(0, { state: 'passed', approvedBy: 'bob', outputs: { VERSION: '1.2' } }),
        sampleStep(1, { state: 'passed', undoes: 0, background: 'detached' }),
      ],
    };
    fill(place, store =>
      store.create(sampleRun('8f3a00000001', 2, { state: 'passed', ...change }), thisHost()),
    );
    const { stdout } = await place.run(['show', 'last']);
    for (const line of [
      'resumes 7c2e00000001',
      'kube: prod-eu as ana',
      'inputs: service=api, token=•••',
      'stopped: kube is now prod-us as ana',
      '  approved by bob',
      '  VERSION=1.2',
      '  undoes step-0',
      '  runs on after the run; to stop it: handrail cancel 8f3a00000001',
    ])
      assert.ok(stdout.includes(`${line}\n`), `${line}\n${stdout}`);
  });
});

describe('handrail diff', () => {
  it('shows how two runs differ, and ends as diff does', async () => {
    await using place = await Place.make();
    fill(place, store => {
      record(store, '8f3a00000001', ['one\ntwo\n'], { inputs: { service: 'api' } });
      record(store, '8f3b00000001', ['one\n2\n'], { inputs: { service: 'db' } });
      record(store, '8f3c00000001', ['one\n2\n'], { inputs: { service: 'db' } });
    });
    const { code, stdout } = await place.run(['diff', '8f3a', '8f3b']);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^- 8f3a.* passed .*\n\+ 8f3b.*\n\ninput service: api → db\n\nstep-0\n {2}its output\n/,
    );
    assert.match(stdout, /\n {4} one\n {4}-two\n {4}\+2\n/);
    const same = await place.run(['diff', '8f3b', 'last']);
    assert.deepEqual([same.code, /No step differs/.test(same.stdout)], [0, true]);
    const json = JSON.parse((await place.run(['diff', '8f3a', 'last', '--json'])).stdout) as {
      facts: object[];
    };
    assert.deepEqual(json.facts, [{ name: 'input service', left: 'api', right: 'db' }]);
    assert.equal((await place.run(['diff', '8f3a', 'nope'])).code, 2);
  });
});

describe('handrail audit', () => {
  it('lists what happened, and tells whether the chain holds', async () => {
    await using place = await Place.make();
    assert.match((await place.run(['audit'])).stderr, /empty/);
    fill(place, store => {
      for (const n of [1, 2, 3])
        store.audit.append({
          action: 'step.started',
          actor: 'ana via cli',
          subject: `s${n}`,
          details: { n },
        });
    });
    assert.match(
      (await place.run(['audit'])).stdout,
      /^1 {2}\d{4}-.* ana via cli {2}step\.started {2}s1 {2}n=1\n2 .*\n3 .*\n$/,
    );
    assert.match((await place.run(['audit', '--limit', '1'])).stdout, /^3 .*\n$/);
    const rows = JSON.parse((await place.run(['audit', '--json'])).stdout) as { number: number }[];
    assert.deepEqual(
      rows.map(({ number }) => number),
      [3, 2, 1],
    );
    const held = await place.run(['audit', '--verify']);
    assert.deepEqual([held.code, held.stdout], [0, 'The chain holds: 3 rows.\n']);

    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(join(handrailFolders(place.env).data, 'audit.db'));
    db.exec(`DROP TRIGGER audit_keeps_text; UPDATE audit SET subject = 's9' WHERE number = 2`);
    db.close();
    const broken = await place.run(['audit', '--verify']);
    assert.equal(broken.code, 1);
    assert.match(
      broken.stdout,
      /^The chain is broken: row 2 was changed.*\. 1 row before it can be relied on/,
    );
    const told = JSON.parse((await place.run(['audit', '--verify', '--json'])).stdout) as object;
    assert.deepEqual(Object.keys(told), ['rows', 'broken']);
  });

  it('misses what the history has where the whole log was removed, also once a new one is begun', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'true' }) });
    assert.equal((await place.run(['run', 'a.md'])).code, 0);
    assert.equal((await place.run(['audit', '--verify'])).code, 0);
    const { data } = handrailFolders(place.env);
    for (const name of ['audit.db', 'audit.db-wal', 'audit.db-shm', 'audit.head'])
      rmSync(join(data, name), { force: true });
    for (const before of [1, 0]) {
      const { code, stdout } = await place.run(['audit', '--verify']);
      assert.equal(code, 1);
      assert.match(stdout, /^Rows are missing: the history has run \w+, of which the log tells nothing/);
      if (before === 1) assert.equal((await place.run(['run', 'a.md'])).code, 0);
    }
  });
});
