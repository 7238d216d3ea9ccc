import { basename } from 'node:path';
import type { CheckRow } from '../../../agent/protocol/health';
import { pickMany } from '../../quickInput';
import type { VirtualPages } from '../virtualPages';
import { commandsPage, shownCommand } from './shownCommand';

/**
 * Shows the commands of checks before they may be run. Gives the marks of those that the person lets run; undefined
 * where they press Escape.
 */
export async function allowCommands(
  checks: readonly CheckRow[],
  pages: VirtualPages,
): Promise<string[] | undefined> {
  const items = itemsOf(checks);
  if (items.length === 0) return [];
  if (items.some(({ isWhole }) => !isWhole)) {
    await pages.show(
      'Commands of Checks',
      'all',
      commandsPage(items.map(({ label, text }) => ({ name: label, text }))),
    );
  }
  const title = `${items.length === 1 ? 'This check runs a command' : 'These checks run commands'} on this machine`;
  const placeHolder =
    'Those that are ticked may run each time their check is looked at; the others stay held';
  const chosen = await pickMany(items, { title, placeHolder, ignoreFocusOut: true });
  return chosen?.map(({ mark }) => mark);
}

/** One for each command, with the checks that run it. */
function itemsOf(checks: readonly CheckRow[]) {
  const byMark = new Map<string, CheckRow[]>();
  for (const check of checks) {
    if (check.command === undefined) continue;
    byMark.set(check.command.mark, [...(byMark.get(check.command.mark) ?? []), check]);
  }
  return [...byMark].map(([mark, rows]) => {
    const text = rows[0]?.command?.text ?? '';
    const { line, isWhole } = shownCommand(text);
    const names = rows.map(({ name }) => name);
    const label = names.slice(0, 3).join(', ') + (names.length > 3 ? `, … (${String(names.length)})` : '');
    const description = [...new Set(rows.map(({ file }) => basename(file)))].join(', ');
    return { label, description, detail: line, picked: true, mark, text, isWhole };
  });
}
