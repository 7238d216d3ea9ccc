import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HandrailError } from '../../../agent/protocol/errors';
import { isHostAlive, thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import { temporaryFolder } from '../../support/temporaryFolder';
import { waitFor } from '../../support/waitFor';
import { goneHost, sampleRun } from './sampleRun';

const { DatabaseSync } = process.getBuiltinModule('node:sqlite');

describe('a store in trouble', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let mounted: string | undefined;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-trouble');
  });

  afterEach(async () => {
    // Lazily: a test that failed may have left files open in it.
    if (mounted !== undefined) execFileSync('umount', ['-l', mounted]);
    mounted = undefined;
    await folder[Symbol.asyncDispose]();
  });

  it('says that a newer version wrote it, and leaves it alone', () => {
    openStore(folder.path).close();
    withDatabase('PRAGMA user_version = 99');
    refuses('newer', /newer Handrail.*Update/);
    assert.deepEqual(names('damaged'), []);
  });

  const damages: readonly (readonly [what: string, damage: (path: string) => void])[] = [
    [
      'is no database',
      path => writeFileSync(path, 'this is text, and enough of it to be more than a header. '.repeat(20)),
    ],
    ['has a damaged first page', path => overwrite(path, 0, 200)],
  ];
  for (const [what, damage] of damages) {
    it(`sets a history aside that ${what}, and begins a new one`, () => {
      const store = openStore(folder.path);
      store.create(sampleRun('01'), thisHost());
      store.close();
      damage(join(folder.path, 'history.db'));
      const fresh = openStore(folder.path);
      assert.match(fresh.notices.join(), /damaged.*new one.*history\.db\.damaged-/);
      assert.deepEqual(fresh.list({ limit: 1 }).runs, []);
      fresh.create(sampleRun('02'), thisHost());
      fresh.close();
      assert.equal(names('damaged').length, 1);
    });
  }

  it('finds damage in the middle when it gets there, and sets the history aside at the next start', () => {
    const store = openStore(folder.path);
    for (let n = 10; n < 60; n++) store.create(sampleRun(String(n), 20), thisHost());
    store.close();
    const path = join(folder.path, 'history.db');
    overwrite(path, 8192, statSync(path).size - 8192);
    const hurt = openStore(folder.path);
    assert.throws(() => hurt.find('10'), isStoreError('corrupt'));
    hurt.close();
    const fresh = openStore(folder.path);
    assert.equal(fresh.notices.length, 1);
    fresh.close();
  });

  it('can be read while another process has it locked, and says so where it cannot be written', function () {
    this.timeout(30_000);
    openStore(folder.path).close();
    const db = new DatabaseSync(join(folder.path, 'history.db'));
    db.exec('BEGIN EXCLUSIVE');
    const store = openStore(folder.path, { patience: 200 });
    assert.deepEqual(store.list({ limit: 1 }).runs, []);
    assert.throws(() => store.create(sampleRun('01'), thisHost()), isStoreError('locked'));
    db.exec('ROLLBACK');
    db.close();
    store.create(sampleRun('01'), thisHost());
    store.close();
  });

  it('says that there is a file where its folder should be', () => {
    writeFileSync(join(folder.path, 'file'), '');
    assert.throws(() => openStore(join(folder.path, 'file')), isStoreError('no-folder'));
  });

  it('says that the folder is read-only', function () {
    mount(this, 'size=1m');
    execFileSync('mount', ['-o', 'remount,ro', folder.path]);
    refuses(['read-only', 'no-access'], /HANDRAIL_HOME/);
  });

  const unreadable: readonly (readonly [what: string, change: (path: string) => void])[] = [
    ['read-only', path => execFileSync('mount', ['-o', 'remount,ro', path])],
    ['on a full disk', path => fillDisk(path)],
  ];
  for (const [what, change] of unreadable) {
    it(`can be read where it is ${what}, and tells of a run whose process is gone that it was interrupted`, function () {
      mount(this, 'size=1m');
      const before = openStore(folder.path);
      before.create(sampleRun('01'), goneHost);
      before.create(sampleRun('02', 2, { state: 'passed' }), thisHost());
      before.index('02', 0, 'words');
      before.audit.append({ action: 'run.started', actor: 'ana', subject: 'x', details: {} });
      before.close();
      change(folder.path);
      const store = openStore(folder.path, { toRead: true });
      assert.equal(store.find('01')?.state, 'interrupted');
      assert.deepEqual(
        store.list({ limit: 9 }).runs.map(({ state }) => state),
        ['passed', 'interrupted'],
      );
      assert.deepEqual(store.list({ limit: 9, state: 'running' }).runs, []);
      assert.equal(store.search({ query: 'words', limit: 1 }).hits.length, 1);
      assert.deepEqual(store.audit.verify(), { rows: 1 });
      assert.match(
        store.notices.join(),
        what === 'read-only' ? /can only be read.*(read-only|denied)/ : /No space is left/,
      );
      assert.throws(() => store.create(sampleRun('03', 400), thisHost()), { code: 'store' });
      store.close();
    });
  }

  it('orders runs as they came, whatever the clock says', () => {
    const store = openStore(folder.path);
    const day = 24 * 60 * 60 * 1000;
    ['01', '02', '03'].forEach((id, at) => {
      const startedAt = Date.now() - at * day;
      store.create(sampleRun(id, 1, { startedAt, inputs: { at: id }, state: 'passed' }), thisHost());
      store.index(id, 0, 'words');
    });
    assert.equal(store.find('last')?.id, '03');
    assert.deepEqual(
      store.list({ limit: 9 }).runs.map(({ id }) => id),
      ['03', '02', '01'],
    );
    assert.deepEqual(
      store.search({ query: 'words', limit: 9 }).hits.map(({ run }) => run.id),
      ['03', '02', '01'],
    );
    assert.equal(store.lastSteps('/books/deploy.md')[0]?.run, '03');
    assert.deepEqual(store.lastInputs('/books/deploy.md'), { at: '03' });
    store.close();
  });

  it('lets nothing be done unlogged: the audit log that is locked or full says so', function () {
    this.timeout(30_000);
    const entry = { action: 'step.started', actor: 'ana', subject: 'x', details: {} };
    const store = openStore(folder.path, { patience: 200 });
    store.audit.append(entry);
    const db = new DatabaseSync(join(folder.path, 'audit.db'));
    db.exec('BEGIN EXCLUSIVE');
    assert.throws(() => store.audit.append(entry), isStoreError('locked'));
    db.exec('ROLLBACK');
    db.close();
    store.audit.append(entry);
    assert.deepEqual(store.audit.verify(), { rows: 2 });
    store.close();
  });

  it('says that the disk is full, keeps what it has, and goes on once there is room', function () {
    mount(this, 'size=700k');
    const store = openStore(folder.path);
    store.create(sampleRun('01'), thisHost());
    const output = store.openOutput('01', 0);
    let recorded = 0;
    const fill = (): void => {
      for (;;) recorded = output.append('stdout', Buffer.alloc(5000, 'x'), 1);
    };
    assert.throws(fill, isStoreError('full'));
    const big = sampleRun('02', 1, { title: 'x'.repeat(200_000) });
    assert.throws(() => store.create(big, thisHost()), isStoreError('full'));
    assert.equal(store.readOutput('01', 0, 0, 1e6).seq, recorded);
    assert.equal(store.find('02'), undefined);
    execFileSync('mount', ['-o', 'remount,size=4m', folder.path]);
    store.create(big, thisHost());
    output.append('stdout', Buffer.from('end'), 2);
    assert.equal(store.readOutput('01', 0, 0, 1e6).seq, recorded + 1);
    output.close();
    store.close();
  });

  it('has everything that was reported before a kill, in the middle of writing, and tells that it was interrupted', async function () {
    this.timeout(60_000);
    for (const wait of [30, 90, 150]) {
      const home = join(folder.path, String(wait));
      mkdirSync(home);
      const reported = await killedWriter(home, wait);
      const store = openStore(home);
      const [run] = store.interruptAbandoned(isHostAlive);
      assert.equal(run?.state, 'interrupted');
      assert.ok(run.seq >= reported.seq, `${run.seq} ≥ ${reported.seq}`);
      const { outputSeq, outputBytes } = run.steps[0] ?? { outputSeq: 0, outputBytes: 0 };
      assert.ok(outputSeq >= reported.output, `${outputSeq} ≥ ${reported.output}`);
      const page = store.readOutput(run.id, 0, 0, 1e9);
      assert.equal(page.seq, outputSeq);
      assert.equal(Buffer.concat(page.chunks.map(({ bytes }) => bytes)).length, outputBytes);
      store.close();
    }
  });

  it('lets processes open and write at the same moment', async function () {
    this.timeout(60_000);
    const writers = Array.from({ length: 4 }, (_, at) => startWriter(folder.path, `a${at}`, '40'));
    const ends = await Promise.all(writers.map(writer => new Promise(done => writer.once('exit', done))));
    assert.deepEqual(ends, [0, 0, 0, 0]);
    const store = openStore(folder.path);
    assert.equal(store.list({ limit: 9 }).runs.length, 4);
    // Their processes are gone, which is one change more.
    for (const { seq } of store.list({ limit: 9 }).runs) assert.equal(seq, 41);
    store.close();
  });

  function names(part: string): string[] {
    return readdirSync(folder.path).filter(name => name.includes(part));
  }

  function withDatabase(sql: string): void {
    const db = new DatabaseSync(join(folder.path, 'history.db'));
    db.exec(sql);
    db.close();
  }

  function openStoreOrError(): unknown {
    try {
      return openStore(folder.path);
    } catch (error) {
      return error;
    }
  }

  function refuses(reason: string | readonly string[], message: RegExp): void {
    const error = openStoreOrError();
    assert.ok(error instanceof HandrailError && message.test(error.message), String(error));
    assert.ok([reason].flat().includes(String(error.details.reason)), String(error.details.reason));
    assert.equal(error.code, 'store');
  }

  function mount(test: Mocha.Context, options: string): void {
    // A full or read-only disk without one of its own takes root.
    if (process.platform !== 'linux' || process.getuid?.() !== 0) test.skip();
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder.path]);
    mounted = folder.path;
  }
});

function isStoreError(reason: string): (error: unknown) => boolean {
  return error => error instanceof HandrailError && error.code === 'store' && error.details.reason === reason;
}

function fillDisk(folder: string): void {
  try {
    writeFileSync(join(folder, 'filler'), Buffer.alloc(8 << 20));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function overwrite(path: string, at: number, length: number): void {
  const { openSync, writeSync, closeSync } = process.getBuiltinModule('node:fs');
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(length, 0xa5), 0, length, at);
  closeSync(fd);
}

/** Starts a process that writes until it is killed, or `times` times. */
function startWriter(folder: string, id: string, times: string): ReturnType<typeof spawn> {
  const script = join(import.meta.dirname, 'writer.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, folder, id, times], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Kills a writer `wait` ms after its first report; gives the last thing it reported. */
async function killedWriter(folder: string, wait: number): Promise<{ seq: number; output: number }> {
  const writer = startWriter(folder, 'abc', 'for ever');
  let text = '';
  writer.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise(done => writer.once('close', done));
  await waitFor('the writer to report', () => text.includes('\n'));
  setTimeout(() => writer.kill('SIGKILL'), wait);
  await ended;
  const last = text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1) ?? '';
  return JSON.parse(last) as { seq: number; output: number };
}
