import assert from 'node:assert/strict';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openStore } from '../../../../agent/store/openStore';
import { plainPrinted } from '../../../../agent/text/plainPrinted';
import type { RunStore, SearchQuery } from '../../../../agent/store/types';
import type { RunRecord } from '../../../../agent/protocol/runs';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { goneHost, sampleRun, sampleStep } from '../sampleRun';

describe('search in the history', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-search');
    store = openStore(folder.path);
  });

  afterEach(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  /** Records a run whose steps printed these texts, and indexes it. */
  function record(id: string, printed: readonly string[], change: Partial<RunRecord> = {}): void {
    const steps = printed.map((_, at) =>
      sampleStep(at, { state: 'passed', text: `cmd-${id}-${at} --now\n` }),
    );
    store.create(sampleRun(id, steps.length, { steps, state: 'passed', ...change }), thisHost());
    printed.forEach((text, at) => {
      print(id, at, text);
      store.index(id, at, plainPrinted(Buffer.from(text)));
    });
  }

  function print(id: string, step: number, text: string): void {
    const output = store.openOutput(id, step);
    output.append('stdout', Buffer.from(text), 1);
    output.close();
  }

  const found = (query: string, change: Partial<SearchQuery> = {}): string[] =>
    store.search({ query, limit: 50, ...change }).hits.map(({ run, step }) => `${run.id}/${step}`);

  it('finds words, beginnings and phrases in what was printed, newest first', () => {
    record('01', ['connection refused by 10.0.0.7\n', 'fine\n']);
    record('02', ['refused: connection limit\n', 'pod/web-7c4b is Ready\n']);
    const cases: readonly [query: string, hits: string[]][] = [
      ['refused', ['02/0', '01/0']],
      ['REFUSED connection', ['02/0', '01/0']],
      ['conn', ['02/0', '01/0']],
      ['conn refused', []],
      ['"connection refused"', ['01/0']],
      ['10.0.0.7', ['01/0']],
      ['web-7c', ['02/1']],
      ['"pod/web-7c4b" ready', ['02/1']],
      ['nothing', []],
      ['', []],
      ['"', []],
      ['%', []],
      ["'; DROP TABLE runs; --", []],
      ['NOT refused', []],
      ['output:refused', []],
    ];
    for (const [query, hits] of cases) assert.deepEqual(found(query), hits, query);
  });

  it('finds cells by their text and name', () => {
    record('01', ['', '']);
    assert.deepEqual(found('cmd-01-1'), ['01/1']);
    assert.deepEqual(found('--now'), ['01/1', '01/0']);
    assert.deepEqual(found('step-0'), ['01/0']);
    assert.equal(store.search({ query: 'cmd-01-1', limit: 1 }).hits[0]?.excerpt, 'cmd-01-1 --now');
  });

  it('tells the line, the run and the state', () => {
    record('01', ['first\n\u001b[31mdisk is full\u001b[0m on /dev/sda1\nlast\n']);
    const [hit] = store.search({ query: 'full disk', limit: 5 }).hits;
    assert.equal(hit?.excerpt, 'disk is full on /dev/sda1');
    assert.deepEqual([hit.run, hit.name, hit.state], [store.list({ limit: 1 }).runs[0], 'step-0', 'passed']);
  });

  it('can be kept to one file, and pages', () => {
    for (let n = 10; n < 30; n++) record(String(n), ['same text'], { file: n % 2 ? '/odd.md' : '/even.md' });
    assert.deepEqual(found('same', { file: '/odd.md', limit: 3 }), ['29/0', '27/0', '25/0']);
    assert.deepEqual(found('same', { file: '/none.md' }), []);
    assert.equal(store.search({ query: 'same', limit: 19 }).more, true);
    assert.equal(store.search({ query: 'same', limit: 20 }).more, false);
  });

  it('knows of a step what it was told last, and nothing of one it does not know', () => {
    record('01', ['old words']);
    store.index('01', 0, 'new words');
    store.index('01', 7, 'words');
    store.index('99', 0, 'words');
    assert.deepEqual(found('words'), ['01/0']);
    assert.deepEqual(found('old'), []);
  });

  it('knows what an interrupted run had printed', () => {
    const steps = [sampleStep(0, { state: 'running', startedAt: 1 }), sampleStep(1)];
    store.create(sampleRun('01', 2, { steps }), goneHost);
    print('01', 0, 'half of the migration\n');
    assert.equal(store.find('01')?.state, 'interrupted');
    assert.deepEqual(found('migration'), ['01/0']);
  });

  it('is there for who opens the history later, in any language', () => {
    record('01', ['Überprüfung fehlgeschlagen 失敗しました\n']);
    store.close();
    store = openStore(folder.path);
    assert.deepEqual(found('überprüfung'), ['01/0']);
    assert.deepEqual(found('uberprufung'), ['01/0']);
    assert.deepEqual(found('失敗'), ['01/0']);
  });
});
