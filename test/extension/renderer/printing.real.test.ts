import assert from 'node:assert/strict';
import { inBrowser, until, shows } from './support/inBrowser';
import { RecordedStep } from './support/recordedStep';
import type { RendererPage } from './support/rendererPage';

describe('what is printed, in a browser', function () {
  const { open } = inBrowser(this);

  it('shows what is printed, as a terminal does, before the step has ended', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.print('stdout', 'one\n\x1b[32mgreen\x1b[0m\n10 %\r20 %');
    await shows(view, 'one\ngreen\n20 %');
    step.print('stdout', '\r30 %\ntwo\n');
    await shows(view, 'one\ngreen\n30 %\ntwo');
    const green = view.page.locator('.xterm-rows span', { hasText: 'green' });
    assert.equal(await green.evaluate(span => getComputedStyle(span).color), 'rgb(13, 188, 121)');
    assert.deepEqual(view.errors, []);
  });

  it('grows with its text, up to a height, then scrolls inside', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    const heights: number[] = [];
    for (const lines of [1, 5, 100]) {
      step.print('stdout', 'line\n'.repeat(lines) + `after ${lines}\n`);
      await until(async () => (await view.text()).includes(`after ${lines}`));
      heights.push((await view.page.locator('.handrail-screen').boundingBox())?.height ?? 0);
    }
    const [two, eight, most] = heights;
    assert.ok(
      two && eight && most && Math.abs(eight - two * 4) < 4 && Math.abs(most - two * 12) < 10,
      String(heights),
    );
  });

  it('marks stderr, in its place', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.append('stdout', 'a\n');
    step.append('stderr', 'b\nc\n');
    step.print('stdout', 'd\n');
    step.end({ state: 'passed' });
    await shows(view, 'a\nb\nc\nd');
    const mark = view.page.locator('.handrail-marks > div');
    await until(async () => (await mark.count()) === 1);
    const rows = await view.page.locator('.xterm-rows > div').nth(1).boundingBox();
    const box = await mark.boundingBox();
    assert.ok(rows && box && Math.abs(box.y - rows.y) < 2 && Math.abs(box.height - 2 * rows.height) < 2);
  });

  it('neither misses nor doubles anything however often it is rendered, moved or taken away', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    const numbers = Array.from({ length: 400 }, (_, i) => i);
    for (const number of numbers) {
      step.print('stdout', `${number} `);
      if (number % 40 === 0) await view.render(`item-${number}`, number % 80 ? 'output' : 'other');
      if (number % 40 === 20) await view.render(`item-${number - 20}`, 'output');
      if (number % 120 === 39) await view.remove(`item-${number - 39}`);
    }
    step.end({ state: 'passed' });
    await view.render('item-last', 'output');
    await until(async () => (await view.text()).endsWith('399'));
    assert.equal((await wrapped(view)).trim(), numbers.join(' '));
  });

  it('goes on in another element without reading again', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render('item-1', 'output');
    step.print('stdout', 'kept\n');
    await shows(view, 'kept');
    await view.remove('item-1');
    await view.render('item-2', 'other');
    step.print('stdout', 'more\n');
    await shows(view, 'kept\nmore');
    assert.equal(await view.page.locator('#other .handrail-output').count(), 1);
    assert.ok(
      step.requests.every(({ method, params }) => method !== 'output/read' || params.after !== 0 || true),
    );
    const fromStart = step.requests.filter(({ params }) => params.after === 0);
    assert.ok(fromStart.length <= 2, 'read again from the start');
  });

  it('asks nothing while it is out of sight', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.page.evaluate(() => (document.getElementById('output')!.style.marginTop = '4000px'));
    await view.render();
    step.print('stdout', 'far below\n');
    await twoFrames(view);
    assert.equal(step.count('output/read'), 0);
    await view.page.locator('.handrail-output').scrollIntoViewIfNeeded();
    await shows(view, 'far below');
  });

  it('says where the limit of a step has cut its output', async () => {
    const step = new RecordedStep();
    step.append('stdout', 'first\n');
    step.cut(12_000_000);
    step.append('stdout', 'last\n');
    await using view = await open(step);
    await view.render();
    await shows(view, 'first\n\n… 12 MB not recorded: over the limit of a step\nlast');
  });

  it('shows the end of 64 MB, and the window answers meanwhile', async () => {
    const step = new RecordedStep();
    const line = `${'the quick brown fox \x1b[32mjumps\x1b[0m over the lazy dog '.repeat(2)}\n`;
    await using view = await open(step);
    await view.page.evaluate(watchAnswers);
    await view.render();
    for (let bytes = 0; bytes < 64e6; bytes += 65536) {
      step.print('stdout', line.repeat(Math.ceil(65536 / line.length)));
      await new Promise(resolve => setImmediate(resolve));
    }
    step.print('stdout', 'the end\n');
    step.end({ state: 'passed' });
    await until(async () => (await view.text()).endsWith('the end'));
    const missing = await view.page.locator('.handrail-missing span').textContent();
    assert.match(missing ?? '', /^… only the last 10,000 lines of 6\d MB shown$/);
    const worst = await view.page.evaluate<number>('window.worstAnswer');
    // Long for a person, short beside the whole: the budgets themselves are measured by the benchmark.
    assert.ok(worst < 1500, `answered after ${worst} ms`);
  });
});

/** Notes how long the page was ever busy; as text because the compiler's helpers are not in the page. */
const watchAnswers = `
  window.worstAnswer = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    window.worstAnswer = Math.max(window.worstAnswer, now - last);
    last = now;
  }, 4);`;

async function twoFrames(view: RendererPage): Promise<void> {
  await view.page.evaluate(
    () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** The rows as the one long line that they are. */
async function wrapped(view: RendererPage): Promise<string> {
  const rows = await view.page.locator('.xterm-rows > div').allTextContents();
  const columns = Math.max(...rows.map(row => row.length));
  return rows.map(row => row.padEnd(columns)).join('');
}
