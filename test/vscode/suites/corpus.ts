import * as assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { cellWith, ended, inWorkspace, openRunbook, plainText, run } from '../host/notebook';
import { waitFor } from '../host/waitFor';

/** Files that other projects wrote for people, each with part of the shell cell that is edited. */
const files: readonly { readonly path: string; readonly cell: string }[] = [
  { path: 'stefanprodan+podinfo/README.md', cell: 'helm repo add podinfo' },
  // Its cells stand in lists.
  { path: 'GoogleCloudPlatform+microservices-demo/docs/development-guide.md', cell: 'minikube start' },
  { path: 'kubernetes-sigs+cluster-api/docs/book/src/user/quick-start.md', cell: 'kind create cluster' },
];
const harmless = 'echo from the corpus';

describe('A file of another project', () => {
  for (const { path, cell: part } of files) {
    const name = path.replaceAll('/', '-');

    it(`${path}: runs, and only the edited cell's bytes change until it is undone`, async function () {
      const source = join(corpus(), path);
      // Other projects' files are no part of this one.
      if (!(await exists(source))) return this.skip();
      await writeFile(inWorkspace(name), await readFile(source));
      const before = await bytes(name);
      const notebook = await openRunbook(name);
      const cell = cellWith(notebook, part);
      const old = cell.document.getText();

      await replace(cell, harmless);
      await waitFor('the file to be saved', async () => notebook.save());
      await run(cell);
      assert.equal(await ended(cell), true);
      assert.match(plainText(cell) ?? '', /^from the corpus$/m);
      assert.equal(notebook.isDirty, false);

      const edited = await bytes(name);
      const line = edited.split('\n').find(one => one.endsWith(harmless))!;
      const indent = line.slice(0, -harmless.length);
      const lines = old.split('\n').map(one => (one === '' ? '' : indent + one));
      assert.equal(
        edited.replace(line, () => lines.join('\n')),
        before,
      );

      await undoIn(cell);
      assert.equal(cell.document.getText(), old);
      await waitFor('the file to be saved', async () => notebook.save());
      assert.equal(await bytes(name), before);
    });
  }
});

/** Where the files are, if anybody put them beside the repository. */
function corpus(): string {
  const { fsPath } = vscode.extensions.getExtension('handrail.handrail')!.extensionUri;
  return join(fsPath, '..', 'shared', 'corpus');
}

async function replace(cell: vscode.NotebookCell, text: string): Promise<void> {
  const { document } = cell;
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, document.validateRange(whole), text);
  assert.ok(await vscode.workspace.applyEdit(change), 'the edit was taken');
}

async function undoIn(cell: vscode.NotebookCell): Promise<void> {
  const editor = await vscode.window.showNotebookDocument(cell.notebook);
  editor.selection = new vscode.NotebookRange(cell.index, cell.index + 1);
  await vscode.commands.executeCommand('notebook.cell.edit');
  await waitFor(
    'the cell to have the focus',
    () => vscode.window.activeTextEditor?.document === cell.document,
  );
  const { version } = cell.document;
  await vscode.commands.executeCommand('undo');
  await waitFor('the undone edit', () => cell.document.version !== version);
}

/** The file's bytes, each as one character. */
function bytes(name: string): Promise<string> {
  return readFile(inWorkspace(name), 'latin1');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
