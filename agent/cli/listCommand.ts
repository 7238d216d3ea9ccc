import type { Cell } from '../runbook/model';
import type { Action } from './call';
import { exitCodes } from './exitCodes';
import { findRunbooks, type FoundRunbook } from './findRunbooks';
import { printRows } from './terminal/columns';
import { plain } from './terminal/words';

/** `handrail list [PATH…]` */
export const listCommand: Action = async ({ args, cwd, options, terminal }) => {
  const found = await findRunbooks(args.length === 0 ? ['.'] : args, cwd);
  if (options.flag('json')) {
    void terminal.stdout.write(`${JSON.stringify(found.map(asJson), null, 2)}\n`);
    return exitCodes.passed;
  }
  const { stdout, stderr } = terminal;
  found.forEach(({ shown, runbook }, at) => {
    const title = runbook.title === undefined ? '' : `  ${stdout.paint.color('dim', plain(runbook.title))}`;
    void stdout.write(`${at === 0 ? '' : '\n'}${stdout.paint.color('bold', plain(shown))}${title}\n`);
    printRows(
      stdout,
      runbook.cells.map(cell => row(cell, runbook.title)),
    );
  });
  if (found.length === 0) void stderr.write('No Markdown file with a cell that can run is here.\n');
  return exitCodes.passed;
};

function row(cell: Cell, title: string | undefined): string[] {
  // The title stands above already.
  const below = cell.section[0] === title ? cell.section.slice(1) : cell.section;
  const about = [below.map(plain).join(' > '), attributes(cell)].filter(part => part !== '').join('  ');
  return [`  ${plain(cell.name)}`, cell.language, String(cell.line), about];
}

function attributes(cell: Cell): string {
  const shown = cell.attributes.filter(({ key }) => key !== 'name');
  return shown
    .map(({ key, value }) => (value === true ? plain(key) : `${plain(key)}=${plain(value)}`))
    .join(' ');
}

function asJson({ path, runbook }: FoundRunbook): object {
  return {
    file: path,
    title: runbook.title ?? null,
    cells: runbook.cells.map(cell => ({
      name: cell.name,
      language: cell.language,
      line: cell.line,
      section: cell.section,
      attributes: Object.fromEntries(cell.attributes.map(({ key, value }) => [key, value])),
    })),
  };
}
