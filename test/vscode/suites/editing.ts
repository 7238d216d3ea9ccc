import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { cellWith, inWorkspace, openRunbook } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

const file = 'commands.md';
let notebook: vscode.NotebookDocument;
let before: string;

describe('An editing command', () => {
  before = '';

  beforeEach(async () => {
    before ||= await readFile(inWorkspace(file), 'utf8');
    notebook = await openRunbook(file);
  });

  afterEach(async () => {
    // Undone to the last step and saved, the file has its old bytes.
    for (let i = 0; i < 20 && (await text()) !== before; i++) {
      await vscode.commands.executeCommand('undo');
      await notebook.save();
    }
    assert.equal(await text(), before);
  });

  it('copy and paste keeps attributes, but not the name', async () => {
    await select('echo one');
    await command('notebook.cell.copy');
    await select('echo five');
    await command('notebook.cell.paste');
    await waitForCells(5);
    const saved = await save();
    assert.equal(count(saved, 'name=first'), 1);
    assert.equal(count(saved, 'timeout=5s'), 2);
  });

  it('cut and paste keeps everything', async () => {
    await select('echo three');
    await command('notebook.cell.cut');
    await waitForCells(3);
    await select('echo five');
    await command('notebook.cell.paste');
    await waitForCells(4);
    assert.match(await save(), /confirm="Sure\?" env=A=1/);
  });

  it('Copy Cell Down keeps an approval', async () => {
    await select('echo three');
    await command('notebook.cell.copyDown');
    await waitForCells(5);
    assert.equal(count(await save(), 'confirm="Sure?"'), 2);
  });

  it('split keeps the attributes on both halves, and the name on one', async () => {
    const cell = cellWith(notebook, 'echo one');
    await vscode.window.showTextDocument(cell.document, { selection: new vscode.Range(1, 0, 1, 0) });
    await command('notebook.cell.edit');
    await command('notebook.cell.split');
    await waitForCells(5);
    const saved = await save();
    assert.equal(count(saved, 'timeout=5s'), 2);
    assert.equal(count(saved, 'name=first'), 1);
  });

  it('move changes nothing but the place', async () => {
    await select('echo five');
    await command('notebook.cell.moveUp');
    const saved = await save();
    assert.ok(saved.indexOf('echo five') < saved.indexOf('print("four")'));
    assert.match(saved, /~~~python title="kept\.py"/);
  });

  it('delete and undo gives the old bytes', async () => {
    await select('echo three');
    await command('notebook.cell.delete');
    await waitForCells(3);
    assert.doesNotMatch(await save(), /echo three/);
    await command('undo');
    await waitForCells(4);
    assert.equal(await save(), before);
  });

  it('change to Markdown and back gives the old bytes', async () => {
    await select('print("four")');
    await command('notebook.cell.changeToMarkdown');
    await waitForCells(3);
    await command('notebook.cell.changeToCode');
    await waitForCells(4);
    await setLanguage('print("four")', 'python');
    assert.equal(await save(), before);
  });

  it('join keeps the first cell’s attributes', async () => {
    await select('print("four")');
    const five = cellWith(notebook, 'echo five').index;
    const four = cellWith(notebook, 'print("four")').index;
    assert.equal(five, four + 1);
    await command('notebook.cell.joinBelow');
    await waitForCells(3);
    assert.match(await save(), /~~~python title="kept\.py"\nprint\("four"\)\necho five\n~~~/);
  });

  it('typing gives the cell its new name', async function () {
    if (!hasPage()) this.skip();
    await select('echo five');
    await waitFor('the old name', () => hasLabel(/echo-five/));
    await replaceWord('echo five', 'seven');
    await waitFor('the new name', () => hasLabel(/echo-seven/));
    await replaceWord('echo seven', 'five');
    await waitFor('the old name', () => hasLabel(/echo-five/));
    assert.equal(await save(), before);
  });

  it('paste into another runbook brings the attributes along', async () => {
    await select('echo three');
    await command('notebook.cell.copy');
    const other = await openRunbook('other.md');
    await selectIn(other, 'echo there');
    await command('notebook.cell.paste');
    await waitFor('the pasted cell', () => codeCells(other).length === 2);
    await waitFor('its attributes', async () => {
      await other.save();
      return (await readFile(other.uri.fsPath, 'utf8')).includes('confirm="Sure?" env=A=1');
    });
    notebook = await openRunbook(file);
  });
});

async function select(part: string): Promise<void> {
  await selectIn(notebook, part);
}

async function selectIn(document: vscode.NotebookDocument, part: string): Promise<void> {
  const editor = await vscode.window.showNotebookDocument(document);
  const { index } = cellWith(document, part);
  editor.selection = new vscode.NotebookRange(index, index + 1);
  await command('notebook.cell.quitEdit');
  await waitFor('the selection', () => editor.selection.start === index);
}

async function replaceWord(line: string, word: string): Promise<void> {
  const { document } = cellWith(notebook, line);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 'echo '.length, 0, line.length), word);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function hasLabel(name: RegExp): Promise<boolean> {
  return (await page.texts('.cell-statusbar-container')).some(text => name.test(text));
}

async function setLanguage(part: string, language: string): Promise<void> {
  await vscode.languages.setTextDocumentLanguage(cellWith(notebook, part).document, language);
}

async function command(name: string): Promise<void> {
  await vscode.commands.executeCommand(name);
}

function codeCells(document: vscode.NotebookDocument): vscode.NotebookCell[] {
  return document.getCells().filter(cell => cell.kind === vscode.NotebookCellKind.Code);
}

async function waitForCells(wanted: number): Promise<void> {
  await waitFor(`${wanted} cells`, () => codeCells(notebook).length === wanted);
  // A cell that lost its attributes gets them back by an edit of its own.
  await waitFor('attributes', () => codeCells(notebook).every(cell => Object.keys(cell.metadata).length > 0));
}

async function save(): Promise<string> {
  assert.ok(await notebook.save());
  return text();
}

function text(): Promise<string> {
  return readFile(inWorkspace(file), 'utf8');
}

function count(whole: string, part: string): number {
  return whole.split(part).length - 1;
}
