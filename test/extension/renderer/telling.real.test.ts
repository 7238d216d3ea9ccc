import assert from 'node:assert/strict';
import { inBrowser, until, shows } from './support/inBrowser';
import { RecordedStep } from './support/recordedStep';

describe('what stands below an output, in a browser', function () {
  const { open, bundle } = inBrowser(this);

  it('is small enough to load at once', () => assert.ok(bundle().length < 700_000));

  it('tells how a step failed, and offers what to do', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.print('stdout', 'x\n');
    step.end({ state: 'failed', reason: 'exit', exit: 7, failedLine: 41 });
    const footer = view.page.locator('.handrail-footer');
    await until(async () => (await footer.textContent())?.startsWith('✗exit 7 · 0.4 s') ?? false);
    for (const name of ['line 41', 'Run again', 'Open whole output']) await footer.getByText(name).click();
    await view.page.getByLabel('Copy').click();
    await until(() => Promise.resolve(view.commands.length === 4));
    assert.deepEqual(view.commands, [
      { command: 'goToLine', line: 41 },
      { command: 'runAgain' },
      { command: 'openOutput' },
      { command: 'copyOutput' },
    ]);
  });

  it('is quiet about success, and says so when nothing was printed', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.end({ state: 'passed', reason: 'exit', exit: 0 });
    const footer = view.page.locator('.handrail-footer');
    await until(async () => (await footer.innerText()).replaceAll('\n', '') === '✓0.4 s · no output');
    step.print('stdout', 'x\n');
    await view.render();
    assert.equal(await view.page.locator('.handrail-screen').evaluate(e => e.clientHeight), 0);
  });

  it('says at all times how long an output is that scrolls', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    const footer = view.page.locator('.handrail-footer');
    step.print('stdout', 'line\n'.repeat(20));
    await until(async () => (await view.text()).includes('line'));
    assert.equal(await footer.isVisible(), false);
    step.print('stdout', 'line\n'.repeat(4980));
    await until(
      async () => (await footer.innerText()).replaceAll('\n', '') === '5,000 lines · Open whole output',
    );
    step.end({ state: 'passed' });
    await footer.getByText('Open whole output').click();
    await until(() => Promise.resolve(view.commands.length === 1));
    assert.deepEqual(view.commands, [{ command: 'openOutput' }]);
  });

  it('follows the theme', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.print('stdout', '\x1b[32mgreen\x1b[0m\n');
    await shows(view, 'green');
    await view.theme('light');
    const green = view.page.locator('.xterm-rows span', { hasText: 'green' });
    await until(
      async () => (await green.evaluate(span => getComputedStyle(span).color)) === 'rgb(16, 124, 16)',
    );
  });

  it('speaks to screen readers when there is one', async () => {
    const step = new RecordedStep();
    await using view = await open(step);
    await view.render();
    step.print('stdout', 'spoken\n');
    await shows(view, 'spoken');
    await view.page.evaluate(() => document.body.classList.add('vscode-using-screen-reader'));
    const row = view.page.locator('.xterm-accessibility-tree [role=listitem]').first();
    await until(async () => (await row.count()) > 0 && (await row.textContent()) === 'spoken');
  });

  it('says when the agent is lost, and goes on', async () => {
    const step = new RecordedStep();
    step.fail(new Error('The agent has ended.'));
    await using view = await open(step);
    await view.render();
    const problem = view.page.locator('.handrail-problem');
    await until(async () => (await problem.textContent())?.startsWith('The agent has ended.') ?? false);
    await problem.getByText('Restart agent').click();
    step.append('stdout', 'there\n');
    step.fail(undefined);
    await shows(view, 'there');
    assert.equal(await problem.isVisible(), false);
    assert.deepEqual(view.commands, [{ command: 'restartAgent' }]);
  });
});
