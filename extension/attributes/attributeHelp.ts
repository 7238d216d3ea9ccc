import * as vscode from 'vscode';
import { attributeTable, frontMatterTable, type Meaning } from '../../agent/runbook/attributeTable';
import { findFrontMatter } from '../../agent/runbook/frontMatter';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { attributeAt, keyAt, type AttributeAt } from './attributeAt';

const tables = { cell: attributeTable, frontMatter: frontMatterTable } as const;

/** A larger text is not parsed for a list of names. */
const mostCharacters = 2_000_000;

/** Completes attributes of cells and keys of the front matter in Markdown that is open as text, and says what they mean. */
export const attributeHelp: vscode.CompletionItemProvider & vscode.HoverProvider = {
  provideCompletionItems(document, position) {
    const at = placeIn(document, position);
    if (at === undefined) return [];
    const range = new vscode.Range(position.line, at.start, position.line, at.end);
    return at.value === undefined ? names(at, range) : values(at, range, document);
  },
  provideHover(document, position) {
    const at = placeIn(document, position);
    const meaning = at?.value === undefined ? at && meaningOf(at) : undefined;
    if (at === undefined || meaning === undefined) return undefined;
    const range = new vscode.Range(position.line, at.start, position.line, at.end);
    return new vscode.Hover(wordsOf(at.name, meaning), range);
  },
};

function placeIn(
  document: vscode.TextDocument,
  { line, character }: vscode.Position,
): AttributeAt | undefined {
  const text = document.lineAt(line).text;
  const first = document.lineAt(0).text.trimEnd();
  const front = first === '---' && line > 0 ? findFrontMatter(document.getText()) : undefined;
  if (front === undefined || document.offsetAt(new vscode.Position(line, 0)) >= front.body.end)
    return attributeAt(text, character);
  const body = document.getText().slice(front.body.start, front.body.end);
  const keys = [...body.matchAll(/^[\w-]+(?=\s*:)/gm)].map(([key]) => key);
  return keyAt(text, character, keys);
}

function names({ of, others }: AttributeAt, range: vscode.Range): vscode.CompletionItem[] {
  return Object.entries(tables[of])
    .filter(([name]) => !others.includes(name))
    .map(([name, meaning]) => {
      const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Property);
      item.documentation = wordsOf(name, meaning);
      item.range = range;
      item.insertText = of === 'frontMatter' ? `${name}: ` : meaning.flag === true ? name : `${name}=`;
      return item;
    });
}

function values(
  at: AttributeAt,
  range: vscode.Range,
  document: vscode.TextDocument,
): vscode.CompletionItem[] {
  const known = meaningOf(at)?.values ?? [];
  const all = known === 'cells' ? cellNames(document, range.start.line + 1) : known;
  return all.map(value => {
    const item = new vscode.CompletionItem(value, vscode.CompletionItemKind.Value);
    item.range = range;
    return item;
  });
}

/** A cell does not need itself. */
function cellNames(document: vscode.TextDocument, line: number): string[] {
  const text = document.getText();
  if (text.length > mostCharacters) return [];
  return parseRunbook(text).cells.flatMap(cell => (cell.line === line ? [] : [cell.name]));
}

function meaningOf({ of, name }: AttributeAt): Meaning | undefined {
  const table = tables[of];
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function wordsOf(name: string, { means }: Meaning): vscode.MarkdownString {
  return new vscode.MarkdownString(`**${name}** · ${means}`);
}
