import * as assert from 'node:assert/strict';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { agentPid } from '../host/agent';
import { inWorkspace } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

const row = '.pane-body .monaco-list-row';
const file = 'shop.health.yaml';

describe('The Health view', function () {
  this.timeout(120_000);
  before(async function () {
    if (!hasPage()) this.skip();
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    await vscode.commands.executeCommand('handrail.health.focus');
  });

  it('looks at nothing until a person enables it', async () => {
    await waitFor('the way to enable', async () =>
      (await page.texts('.pane-body .welcome-view')).join().includes('This workspace has health checks'),
    );
    await page.screenshot('health-off');
    assert.equal(await isThere('ran'), false);
    await page.click('.welcome-view .monaco-button:has-text("Enable Checks")');
    await waitFor('the commands', async () => (await offered()).includes('touch ran'));
    await page.screenshot('health-commands');
    assert.equal(await isThere('ran'), false);
    await page.press('Enter');
    await seen(/database.*down \d+ s · exists was false/s);
    await seen(/^\s*backups.*2 up/s);
    await seen(/^\s*runs.*touch ran · \d+ ms/s);
    const rows = (await page.texts(row)).map(text => text.trim());
    const at = (name: string): number => rows.findIndex(text => text.startsWith(name));
    assert.ok(at('database') >= 0 && at('database') < at('backups'), 'what is down comes first');
    await page.screenshot('health');
  });

  it('says in the status bar what is worst', async () => {
    await seenStatus(/1 down · database/);
  });

  it('opens the runbook of a check at its section, and runs nothing', async () => {
    const isOpen = (): boolean =>
      vscode.window.activeNotebookEditor?.notebook.uri.path.endsWith('mend.runbook.md') === true;
    // A row that is drawn anew at that moment takes no click.
    await waitFor('the runbook', async () => {
      await button('database', 'Open Runbook of Check');
      return waitFor('it', isOpen, 3000).catch(() => false);
    });
    await waitFor('the section', () => {
      const editor = vscode.window.activeNotebookEditor;
      const cell = editor?.notebook.cellAt(editor.selection.start);
      return cell?.document.getText().includes('Start it');
    });
    assert.equal(await isThere('running'), false);
    await page.screenshot('health-runbook');
  });

  it('shows at once that it is mended', async () => {
    await writeFile(inWorkspace('running'), '');
    await seen(/^\s*database.*running · \d+ ms/s);
    await seenStatus(/3 up/);
  });

  it('runs no command that came from elsewhere until it is allowed', async () => {
    await rm(inWorkspace('ran'), { force: true });
    const text = await readFile(inWorkspace(file), 'utf8');
    await writeFile(inWorkspace(file), text.replace('touch ran', 'touch other'));
    await seen(/^\s*runs.*its command was not allowed yet/s);
    assert.equal(await isThere('other'), false);
    await page.screenshot('health-held');
    await waitFor('the choice', async () => {
      await button('runs', 'Allow Command of Check…');
      const isAsked = async (): Promise<boolean> => (await offered()).includes('touch other');
      return waitFor('it', isAsked, 3000).catch(() => false);
    });
    await page.press('ArrowDown');
    await page.press('Enter');
    await seen(/^\s*runs.*touch other · \d+ ms/s);
    assert.equal(await isThere('other'), true);
  });

  it('runs what a person writes, and not what came before it from elsewhere', async () => {
    const pulled = (await readFile(inWorkspace(file), 'utf8')).replace('touch other', 'touch pulled');
    await writeFile(inWorkspace(file), pulled);
    await seen(/^\s*runs.*its command was not allowed yet/s);
    const document = await vscode.workspace.openTextDocument(inWorkspace(file));
    assert.match(document.getText(), /touch pulled/);
    const write = async (text: string): Promise<void> => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
      await vscode.workspace.applyEdit(edit);
      assert.equal(await document.save(), true);
    };
    const added = '  - {name: own, type: command, command: touch own, every: 1s}\n';
    await write(pulled + added);
    await seen(/^\s*own.*touch own · \d+ ms/s);
    await seen(/^\s*runs.*its command was not allowed yet/s);
    assert.equal(await isThere('pulled'), false);
    await write(pulled.replace('touch pulled', 'touch other'));
    await seen(/^\s*runs.*touch other · \d+ ms/s);
  });

  it('says what is wrong in a file, and keeps the checks that it had', async () => {
    const text = await readFile(inWorkspace(file), 'utf8');
    await writeFile(inWorkspace(file), text.replace('type: file, path: mend', 'type: fiel, path: mend'));
    await seen(/^\s*shop\.health\.yaml.*line 7 · There is no type of check "fiel"/s);
    await seen(/^\s*dump.*its file is invalid/s);
    await page.screenshot('health-invalid');
    await writeFile(inWorkspace(file), text);
    await seen(/^\s*dump(?!.*invalid)/s);
  });

  it('is muted for a time, and told of again', async () => {
    const choose = async (label: string) => {
      await waitFor(label, async () => (await offered()).includes(label));
      await page.click(`.quick-input-list .monaco-list-row:has-text("${label}")`);
    };
    void vscode.commands.executeCommand('handrail.muteCheck');
    await choose('database');
    await waitFor('the times', async () => (await offered()).includes('2 hours'));
    await page.screenshot('health-mute');
    await choose('2 hours');
    await seen(/^\s*database.*muted for 2 h/s);
    void vscode.commands.executeCommand('handrail.unmuteCheck');
    await choose('database');
    await seen(/^\s*database(?!.*muted)/s);
  });

  it('goes on after the agent has ended', async () => {
    process.kill(await agentPid(), 'SIGKILL');
    await rm(inWorkspace('running'));
    await seen(/^\s*database.*down/s);
  });

  it('stops when a person disables it', async () => {
    await vscode.commands.executeCommand('handrail.disableChecks');
    await waitFor('no rows', async () => !(await page.texts(row)).some(text => text.includes('database')));
    await rm(inWorkspace('other'), { force: true });
    await writeFile(inWorkspace('running'), '');
    await vscode.commands.executeCommand('handrail.enableChecks');
    await seen(/^\s*database.*running · \d+ ms/s);
  });

  async function button(text: string, label: string): Promise<void> {
    const selector = `${row}:has-text("${text}")`;
    await page.click(selector);
    await page.click(`${selector} .action-label[aria-label="${label}"]`);
  }
});

async function offered(): Promise<string> {
  return (await page.texts('.quick-input-list')).join();
}

function isThere(name: string): Promise<boolean> {
  return access(inWorkspace(name)).then(
    () => true,
    () => false,
  );
}

function seen(text: RegExp): Promise<unknown> {
  return waitFor(String(text), async () => (await page.texts(row)).some(each => text.test(each)), 30_000);
}

function seenStatus(text: RegExp): Promise<unknown> {
  return waitFor(`${String(text)} in the status bar`, async () =>
    (await page.texts('.statusbar-item')).some(each => text.test(each)),
  );
}
