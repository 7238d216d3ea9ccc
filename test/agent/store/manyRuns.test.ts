import assert from 'node:assert/strict';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { RunStore } from '../../../agent/store/types';
import { temporaryFolder } from '../../support/temporaryFolder';
import { sampleRun, sampleStep } from './sampleRun';

// 100,000 steps, as the budget `history-100k` has them; measured by the benchmark, here only kept from going wrong by far.
describe('a long history', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;

  before(async function () {
    this.timeout(60_000);
    folder = await temporaryFolder('handrail-long-history');
    store = openStore(folder.path);
    const steps = Array.from({ length: 100 }, (_, at) => sampleStep(at, { state: 'passed' }));
    for (let n = 0; n < 1000; n++) {
      const file = `/books/${n % 10}.md`;
      const id = n.toString(16).padStart(12, '0');
      store.create(sampleRun(id, 100, { steps, file, state: 'passed' }), thisHost());
    }
  });

  after(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  const questions: readonly (readonly [what: string, ask: () => number, answer: number])[] = [
    ['a page of runs', () => store.list({ limit: 50 }).runs.length, 50],
    ['a page further on', () => store.list({ limit: 50, before: '0000000001f4' }).runs.length, 50],
    ['a page of one file', () => store.list({ limit: 50, file: '/books/3.md' }).runs.length, 50],
    ['the runs that are going', () => store.list({ limit: 50, state: 'running' }).runs.length, 0],
    ['a run by id', () => store.find('0000000003e7')?.steps.length ?? 0, 100],
    ['the last run', () => store.find('last')?.steps.length ?? 0, 100],
    ['the last steps of a file', () => store.lastSteps('/books/3.md').length, 100],
    ['runs that were abandoned', () => store.interruptAbandoned(() => false).length, 0],
  ];
  for (const [what, ask, answer] of questions) {
    it(`tells ${what} at once`, () => {
      const begun = performance.now();
      assert.equal(ask(), answer);
      const ms = performance.now() - begun;
      assert.ok(ms < 1000, `${ms} ms`);
    });
  }
});
