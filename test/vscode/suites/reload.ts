import * as assert from 'node:assert/strict';
import { recordedRuns } from '../host/agent';
import { counter, lastShown, numbersIn, stopCounting, upTo } from '../host/counter';
import { cellWith, ended, openRunbook, plainText, run } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { phase, recall, remember } from '../host/phase';
import { waitFor } from '../host/waitFor';

phase('Before the window is reloaded', () => {
  it('a run starts', async () => {
    const cell = cellWith(await openRunbook(counter), 'count');
    await run(cell);
    const going = await waitFor('a run', async () =>
      (await recordedRuns()).find(({ state }) => state === 'running'),
    );
    if (hasPage()) await waitFor('a number on screen', lastShown);
    await remember('run', going.id);
  });
});

phase('After the window was reloaded', () => {
  it('the same run goes on, shown as running, and nothing of it is missing', async () => {
    const notebook = await openRunbook(counter);
    const [going] = await recordedRuns();
    assert.ok(going);
    assert.equal(going.id, recall('run'));
    assert.equal(going.state, 'running');
    if (hasPage()) {
      const first = await waitFor('a number on screen', lastShown);
      await waitFor('the next numbers', async () => ((await lastShown()) ?? 0) > first + 3);
      await page.screenshot('reloaded');
    }
    const cell = cellWith(notebook, 'count');
    assert.equal(cell.executionSummary?.success, undefined, 'it is shown as running');
    await stopCounting();
    assert.equal(await ended(cell), true);
    const numbers = numbersIn(await waitFor('its text/plain', () => plainText(cell)));
    assert.ok(numbers.length > 0);
    assert.deepEqual(numbers, upTo(numbers.length), 'nothing is missing, nothing is there twice');
    assert.equal(notebook.isDirty, false, 'the document is clean');
  });
});
