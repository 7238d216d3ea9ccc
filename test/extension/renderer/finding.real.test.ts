import assert from 'node:assert/strict';
import { inBrowser, until } from './support/inBrowser';
import { RecordedStep } from './support/recordedStep';

describe('finding in an output', function () {
  const { open } = inBrowser(this);

  it('finds text, also what is scrolled out', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    for (let i = 0; i < 300; i++) step.append('stdout', `${i} ${i % 100 === 7 ? 'needle' : 'hay'}\n`);
    step.end({ state: 'passed' });
    await until(async () => (await view.text()).endsWith('299 hay'));
    await view.page.locator('.handrail-output').press('Control+f');
    await view.page.keyboard.type('needle');
    const count = view.page.locator('.handrail-find-count');
    await until(async () => (await count.textContent()) === '1 of 3');
    await until(async () => (await view.text()).includes('7 needle'));
    await view.page.keyboard.press('Enter');
    await until(async () => (await count.textContent()) === '2 of 3');
    await until(async () => (await view.text()).includes('107 needle'));
    await view.page.keyboard.press('Escape');
    assert.equal(await view.page.locator('.handrail-find').isVisible(), false);
    await until(async () => (await view.page.locator('.xterm-find-result-decoration').count()) === 0);
    await view.page.getByLabel('Copy').click();
    await until(() => Promise.resolve(view.commands.length === 1));
    assert.deepEqual(view.commands, [{ command: 'copyOutput' }], 'nothing is selected any more');
  });

  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    it(`shows the match one stands at before all others in ${theme}`, async () => {
      const step = new RecordedStep();
      await using view = await open(step);
      await view.theme(theme);
      await view.render();
      step.print('stdout', 'a needle\na needle\na needle\n');
      step.end({ state: 'passed' });
      await until(async () => (await view.text()).includes('needle'));
      await view.page.locator('.handrail-output').press('Control+f');
      await view.page.keyboard.type('needle');
      await until(async () => (await view.page.locator('.xterm-find-result-decoration').count()) > 3);
      const colours = await view.page
        .locator('.xterm-rows > div span')
        .evaluateAll(spans => spans.map(span => getComputedStyle(span).backgroundColor));
      const marked = colours.filter(colour => colour !== 'rgba(0, 0, 0, 0)');
      const strength = marked.map(colour => distance(colour, backgrounds[theme]));
      const current = strength.slice(0, 'needle'.length);
      const others = strength.slice('needle'.length);
      assert.ok(Math.min(...current) > 1.2 * Math.max(0, ...others), String(marked));
    });
  }
});

const backgrounds = { dark: [31, 31, 31], light: [255, 255, 255], 'high-contrast': [0, 0, 0] };

function distance(colour: string, from: readonly number[]): number {
  const channels = [...colour.matchAll(/\d+/g)].slice(0, 3).map(Number);
  return Math.hypot(...channels.map((channel, i) => channel - (from[i] ?? 0)));
}
