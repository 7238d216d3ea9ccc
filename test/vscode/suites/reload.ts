import * as assert from 'node:assert/strict';
import { recordedRuns } from '../host/agent';
import { cellWith, ended, openRunbook, plainText, run } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { phase, recall, remember } from '../host/phase';
import { shownOutput } from '../host/shownOutput';
import { waitFor } from '../host/waitFor';

const file = 'live.runbook.md';

phase('Before the window is reloaded', () => {
  it('a run starts', async () => {
    const cell = cellWith(await openRunbook(file), 'all ticked');
    await run(cell);
    const going = await waitFor('a run', async () =>
      (await recordedRuns()).find(({ state }) => state === 'running'),
    );
    if (hasPage()) await waitFor('a tick on screen', async () => (await shownOutput()).includes('tick 2.'));
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
      await waitFor('the next ticks on screen', async () => (await shownOutput()).includes('tick 15.'));
      await page.screenshot('reloaded');
    }
    const cell = cellWith(notebook, 'all ticked');
    assert.equal(await ended(cell, 30_000), true);
    const text = await waitFor('its text/plain', () => plainText(cell));
    const ticks = [...text.matchAll(/tick (\d+)\./g)].map(match => Number(match[1]));
    assert.deepEqual(
      ticks,
      Array.from({ length: 40 }, (_, index) => index + 1),
      'nothing is missing, nothing is there twice',
    );
    assert.equal(notebook.isDirty, false, 'the document is clean');
  });
});
