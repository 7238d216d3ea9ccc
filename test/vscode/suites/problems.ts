import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { inWorkspace, openRunbook } from '../host/notebook';
import { waitFor } from '../host/waitFor';

const text = `---
inputs:
  region: { type: choce }
---

# Wrong

\`\`\`sh {name=a tiemout=5s}
echo a
\`\`\`
`;

describe('What is wrong in a runbook', () => {
  const told = (uri: vscode.Uri) =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Handrail');

  it('is told where it stands in the notebook, and no more once it is mended', async () => {
    await writeFile(inWorkspace('wrong.runbook.md'), text);
    const notebook = await openRunbook('wrong.runbook.md');
    const cells = notebook.getCells();
    const [front, , code] = cells;
    const [input] = await waitFor('the front matter’s', () => some(told(front!.document.uri)));
    assert.equal(front!.document.getText(input!.range).includes('choce'), true);
    const [attribute] = await waitFor('the cell’s', () => some(told(code!.document.uri)));
    assert.match(attribute!.message, /tiemout/);
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(0, 0, 9, 0);
    edit.replace(front!.document.uri, range, 'inputs:\n  region: { type: choice, choices: [eu] }\n');
    await vscode.workspace.applyEdit(edit);
    await waitFor('nothing', () => told(front!.document.uri).length === 0);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await waitFor('nothing of a closed one', () => told(code!.document.uri).length === 0);
  });

  it('is told in its text', async () => {
    const uri = vscode.Uri.file(inWorkspace('wrong.runbook.md'));
    await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
    const found = await waitFor('problems', () => some(told(uri)));
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [2, 7],
    );
  });
});

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
