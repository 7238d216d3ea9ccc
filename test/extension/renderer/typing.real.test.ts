import assert from 'node:assert/strict';
import { inBrowser, until, shows } from './support/inBrowser';
import { RecordedStep } from './support/recordedStep';
import type { RendererPage } from './support/rendererPage';

describe('the keyboard and the mouse in an output', function () {
  const { open } = inBrowser(this);

  it('types into a running terminal, and lets go of the keyboard', async () => {
    const step = new RecordedStep({ tty: true });
    await using view = await open(step);
    await view.render();
    step.print('tty', 'Continue? [y/N] ');
    await shows(view, 'Continue? [y/N]');
    await until(() => Promise.resolve(step.count('input/resize') > 0));
    await view.page.locator('.handrail-output').press('Enter');
    await view.page.keyboard.type('yé\n');
    await view.page.keyboard.press('Tab');
    await view.page.keyboard.press('Control+c');
    await until(() => Promise.resolve(typed(step) === 'yé\r\t\x03'));
    await view.page.keyboard.press('Escape');
    await view.page.keyboard.type('z');
    assert.equal(
      await view.page.evaluate(() => document.activeElement?.className.includes('handrail-output')),
      true,
    );
    step.end({ state: 'passed' });
    await until(async () => (await view.page.locator('.handrail-input').count()) === 0);
    await view.page.locator('.handrail-screen').click();
    await view.page.keyboard.type('late');
    assert.equal(typed(step), 'yé\r\t\x03');
  });

  it('answers a program that asks its terminal, but never in a replay', async () => {
    const ask = '\x1b[6n\x1b[c\x1b]11;?\x07';
    const step = new RecordedStep({ tty: true });
    step.append('tty', `old${ask}`, Date.now() - 60_000);
    await using view = await open(step);
    await view.render();
    await shows(view, 'old');
    assert.equal(typed(step), '');
    step.print('tty', `\r\nnew\x1b[6n`);
    await until(() => Promise.resolve(typed(step) === '\x1b[2;4R'));
  });

  it('lets nothing of what is printed out of the terminal', async () => {
    const step = new RecordedStep({ tty: true });
    await using view = await open(step);
    await view.render();
    const title = await view.page.title();
    step.print('tty', '\x1b]0;gotcha\x07\x1b]52;c;Z290Y2hh\x07\x1b]10;#000000\x07\x1b[21t\x1b[8;1;1t');
    step.print('tty', '<img src=x onerror="document.title=1"><script>document.title=2</script>\r\n');
    step.print(
      'tty',
      '\x1b]8;;javascript:document.title=3\x07click\x1b]8;;\x07 \x1b]8;;command:x\x07me\x1b]8;;\x07\r\n',
    );
    step.print('tty', `\x1bP${'x'.repeat(200_000)}\x1b\\${'\x1b]2;'}${'y'.repeat(200_000)}\x07done\r\n`);
    await until(async () => (await view.text()).endsWith('done'));
    assert.ok((await view.text()).startsWith('<img src=x onerror='));
    await clickText(view, 'click');
    await clickText(view, 'me');
    assert.equal(await view.page.title(), title);
    assert.equal(await view.page.locator('.handrail-output img, .handrail-output script').count(), 0);
    assert.deepEqual(view.commands, []);
    assert.equal(typed(step), '');
    assert.deepEqual(view.errors, []);
  });

  it('opens web addresses through the extension', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.print('stdout', 'see https://example.com/status for more\n');
    await until(async () => (await view.text()).includes('status'));
    const row = await view.page.locator('.xterm-rows > div').first().boundingBox();
    assert.ok(row);
    await view.page.mouse.move(row.x + 90, row.y + 6);
    await view.page.locator('.xterm-cursor-pointer').waitFor();
    await view.page.mouse.click(row.x + 90, row.y + 6);
    await until(() => Promise.resolve(view.commands.length === 1));
    assert.deepEqual(view.commands, [{ command: 'openLink', url: 'https://example.com/status' }]);
  });

  it('invites to type once a program waits behind a prompt', async () => {
    const step = new RecordedStep({ tty: true });
    await using view = await open(step);
    await view.render();
    const hint = view.page.locator('.handrail-hint');
    step.print('tty', 'Continue? [y/N] ');
    await hint.waitFor();
    assert.match(await hint.innerText(), /^It seems to wait for you\. Click here to type$/);
    await view.page.locator('.xterm-cursor-outline').waitFor();
    await hint.getByText('Click here to type').click();
    await view.page.keyboard.type('y');
    await until(() => Promise.resolve(typed(step) === 'y'));
    assert.match(await hint.innerText(), /^What you type goes to the program/);
    await view.page.keyboard.press('Escape');
    step.print('tty', 'y\r\nworking\r\n');
    await until(async () => !(await hint.isVisible()));
    await hint.waitFor();
    assert.match(await hint.innerText(), /^Nothing printed for a while\./);
    step.end({ state: 'passed' });
    await until(async () => !(await hint.isVisible()));
  });

  it('invites to nothing where no program reads, nor at progress', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.print('stdout', 'Continue? [y/N] ');
    const tty = new RecordedStep({ tty: true });
    await using other = await open(tty);
    await other.render();
    tty.print('tty', '20 %');
    await shows(other, '20 %');
    await new Promise(resolve => setTimeout(resolve, 1000));
    for (const { page } of [view, other])
      assert.equal(await page.locator('.handrail-hint').isVisible(), false);
  });

  it('leaves the wheel to the page at both ends', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.print('stdout', 'line\n'.repeat(100));
    step.end({ state: 'passed' });
    await until(async () => (await view.text()).length > 0);
    // A wheel turn that the terminal uses goes no further.
    await view.page.evaluate("window.left = 0; window.addEventListener('wheel', () => window.left++)");
    await view.page.locator('.handrail-screen').hover();
    const left = async (deltaY: number): Promise<number> => {
      await view.page.mouse.wheel(0, deltaY);
      await twoFrames(view);
      return view.page.evaluate<number>('window.left');
    };
    assert.equal(await left(100), 1);
    assert.equal(await left(-100), 1);
    await until(async () => (await left(-2000)) > 1);
  });
});

async function twoFrames(view: RendererPage): Promise<void> {
  await view.page.evaluate(
    () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

async function clickText(view: RendererPage, text: string): Promise<void> {
  const spans = view.page.locator('.xterm-rows span').getByText(text, { exact: true });
  // The terminal may draw the row anew between finding and measuring it.
  await until(async () => (await spans.first().boundingBox()) !== null);
  const box = await spans.first().boundingBox();
  assert.ok(box);
  await view.page.mouse.move(box.x + 3, box.y + 6);
  await twoFrames(view);
  await view.page.mouse.click(box.x + 3, box.y + 6);
}

function typed(step: RecordedStep): string {
  const inputs = step.requests.filter(({ method }) => method === 'input/write');
  return Buffer.concat(inputs.map(({ params }) => Buffer.from(String(params.data), 'base64'))).toString();
}
