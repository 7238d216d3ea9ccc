import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { inBrowser, shows, until } from './support/inBrowser';
import { RecordedStep } from './support/recordedStep';

describe('an output that is shown as something better', function () {
  const { open } = inBrowser(this);

  it('has its text folded away, one click from view, and back', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.print('stdout', 'a,b\n1,2\n');
    await shows(view, 'a,b\n1,2');
    const screen = view.page.locator('.handrail-screen');
    assert.equal(await view.page.locator('.handrail-fold').isVisible(), false);
    step.end({ state: 'passed' });
    await view.render('item-1', 'output', true);
    await until(async () => !(await screen.isVisible()));
    const whole = await view.page.locator('.handrail-output').evaluate(e => e.clientHeight);
    assert.ok(whole < 40, `${String(whole)} pixels for one line`);
    await view.page.getByText('Show text (2 lines)').click();
    await until(async () => (await height(screen)) > 20);
    assert.equal(await view.text(), 'a,b\n1,2');
    await view.page.getByText('Hide text').click();
    await until(async () => !(await screen.isVisible()));
  });

  it('shows what came while it was folded', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render('item-1', 'output', true);
    step.print('stdout', 'one\ntwo\n');
    step.end({ state: 'passed' });
    await view.page.getByText('Show text (2 lines)').click();
    await shows(view, 'one\ntwo');
    await until(async () => (await height(view.page.locator('.handrail-screen'))) > 20);
  });

  it('shows its text again where the step failed after all', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render('item-1', 'output', true);
    step.print('stdout', 'no picture\n');
    step.end({ state: 'failed', reason: 'exit', exit: 3 });
    await view.render();
    await shows(view, 'no picture');
    await until(() => view.page.locator('.handrail-screen').isVisible());
    assert.equal(await view.page.locator('.handrail-fold').isVisible(), false);
  });
});

describe('HTML that a cell printed', function () {
  const { open } = inBrowser(this);

  it('has a frame as high as it is, up to a bound', async () => {
    await using view = await open(new RecordedStep());
    const frame = view.page.locator('iframe');
    await view.renderPage('<p style="margin: 0; height: 90px">x</p>');
    await until(async () => (await height(frame)) > 89 && (await height(frame)) < 130);
    await view.renderPage('<p style="height: 5000px">x</p>');
    await until(async () => (await height(frame)) === 600);
  });

  it('is measured anew where it gets narrower', async () => {
    await using view = await open(new RecordedStep());
    const frame = view.page.locator('iframe');
    await view.renderPage(`<p>${'many words '.repeat(60)}</p>`);
    await until(async () => (await height(frame)) > 40);
    const before = await height(frame);
    await view.page.setViewportSize({ width: 360, height: 620 });
    await until(async () => (await height(frame)) > before + 40);
  });

  it('runs no script, and does not go where its links lead', async () => {
    await using view = await open(new RecordedStep());
    await view.page.evaluate(() => {
      document.addEventListener('click', event => {
        const link = (event.target as Element).closest('a');
        if (link === null) return;
        event.preventDefault();
        document.title = `opened ${link.href}`;
      });
    });
    await view.renderPage(
      '<script>top.document.title = "ran"</script><img src=x onerror="top.document.title = 1">' +
        '<a href="https://example.com/a">away</a> <a href="command:x">run</a>',
    );
    const inside = view.page.frameLocator('iframe');
    await inside.getByText('run').click();
    await inside.getByText('away').click();
    await until(async () => (await view.page.title()) === 'opened https://example.com/a');
    assert.equal(await view.page.locator('iframe').getAttribute('sandbox'), 'allow-same-origin');
  });
});

function height(one: Locator): Promise<number> {
  return one.evaluate(element => element.clientHeight);
}
