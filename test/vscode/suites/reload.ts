import * as assert from 'node:assert/strict';
import { recordedRuns } from '../host/agent';
import { cellWith, ended, openRunbook, plainText, run } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { phase, recall, remember } from '../host/phase';
import { shownOutput } from '../host/shownOutput';
import { waitFor } from '../host/waitFor';

const file = 'counter.runbook.md';

phase('Before the window is reloaded', () => {
  it('a run starts', async () => {
    const cell = cellWith(await openRunbook(file), 'count');
    await run(cell);
    const going = await waitFor('a run', async () =>
      (await recordedRuns()).find(({ state }) => state === 'running'),
    );
    if (hasPage()) await waitFor('a number on screen', lastShown);
    await remember('run', going.id);
  });
});

phase('After the window was reloaded', () => {
  it('the same run goes on, shown as running', async () => {
    const notebook = await openRunbook(file);
    const [going] = await recordedRuns();
    assert.ok(going);
    assert.equal(going.id, recall('run'));
    assert.equal(going.state, 'running');
    if (hasPage()) {
      const first = await waitFor('a number on screen', lastShown);
      await waitFor('the next numbers', async () => ((await lastShown()) ?? 0) > first);
      await page.screenshot('reloaded');
    }
    const cell = cellWith(notebook, 'count');
    assert.equal(await ended(cell, 50_000), true);
    const text = await waitFor('its text/plain', () => plainText(cell));
    const numbers = [...text.matchAll(/count (\d+)\./g)].map(match => Number(match[1]));
    assert.deepEqual(
      numbers,
      Array.from({ length: 150 }, (_, index) => index + 1),
      'nothing is missing, nothing is there twice',
    );
    assert.equal(notebook.isDirty, false, 'the document is clean');
  });
});

async function lastShown(): Promise<number | undefined> {
  const numbers = [...(await shownOutput()).matchAll(/count (\d+)\./g)];
  return numbers.length > 0 ? Number(numbers.at(-1)![1]) : undefined;
}
