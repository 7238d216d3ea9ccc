import type { Attribute, Cell, Diagnostic } from './model';
import { cellOptions } from './cellOptions';
import type { FrontMatter } from './model';
import { parseNeed } from './needs';

/** Names given twice, `needs` and `rollback` that name no cell, and cells that need each other in a circle. */
export function nameDiagnostics(cells: readonly Cell[], frontMatter: FrontMatter | undefined): Diagnostic[] {
  const byName = new Map(cells.map(cell => [cell.name, cell]));
  const needs = new Map(
    cells.flatMap(cell => {
      const names = attributeOf(cell, 'needs') ? cellOptions(cell, frontMatter).options.needs : [];
      return names.length > 0 ? [[cell.name, names] as const] : [];
    }),
  );
  return [
    ...cells.flatMap(cell => duplicate(cell, byName)),
    ...cells.flatMap(cell =>
      (needs.get(cell.name) ?? []).flatMap(name => unknown(cell, 'needs', name, byName)),
    ),
    ...cells.flatMap(cell => rollbackOf(cell).flatMap(name => unknown(cell, 'rollback', name, byName))),
    ...circles(needs).map(circle => cyclic(circle, byName)),
  ];
}

function duplicate(cell: Cell, byName: ReadonlyMap<string, Cell>): Diagnostic[] {
  const attribute = attributeOf(cell, 'name');
  if (!attribute || cell.named || attribute.value === true || attribute.value === '') return [];
  const first = byName.get(attribute.value)!;
  return [
    diagnostic(cell, attribute, {
      code: 'duplicate-name',
      message: `The name \`${attribute.value}\` is taken by the cell in line ${first.line}.`,
      hint: `Until it has one of its own it goes by \`${cell.name}\`.`,
    }),
  ];
}

function unknown(cell: Cell, key: string, name: string, byName: ReadonlyMap<string, Cell>): Diagnostic[] {
  if (byName.has(name)) return [];
  const attribute = attributeOf(cell, key);
  const need = key === 'needs' ? parseNeed(name) : undefined;
  // Whether another file has the cell is known once that file is read.
  if (need?.kind === 'other') return [];
  if (need?.kind === 'wrong') {
    return [diagnostic(cell, attribute, { code: 'bad-need', message: need.message, cells: [cell.name] })];
  }
  const message = `\`${cell.name}\` ${key === 'needs' ? 'needs' : 'is rolled back by'} \`${name}\`, and no cell has that name.`;
  const cells = key === 'needs' ? { cells: [cell.name] } : {};
  return [diagnostic(cell, attribute, { code: `unknown-${key}`, message, ...cells })];
}

function cyclic(circle: readonly string[], byName: ReadonlyMap<string, Cell>): Diagnostic {
  const cell = byName.get(circle[0]!)!;
  return diagnostic(cell, attributeOf(cell, 'needs'), {
    code: 'cyclic-needs',
    message: `Cells need each other in a circle: ${[...circle, circle[0]].join(' → ')}.`,
    hint: 'Take one `needs` away.',
    cells: circle,
  });
}

function diagnostic(
  cell: Cell,
  attribute: Attribute | undefined,
  rest: Pick<Diagnostic, 'code' | 'message' | 'hint' | 'cells'>,
): Diagnostic {
  const span = attribute?.span ?? cell.span;
  return {
    line: cell.line,
    column: cell.column + span.start - cell.span.start,
    severity: 'error',
    ...rest,
    span,
  };
}

function rollbackOf(cell: Cell): string[] {
  const value = attributeOf(cell, 'rollback')?.value;
  return value === undefined || value === true ? [] : [value];
}

function attributeOf(cell: Cell, key: string): Attribute | undefined {
  return cell.attributes.find(attribute => attribute.key === key);
}

/** Each circle once, as the names on it. Iterative: a chain may be as long as the file. */
function circles(needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  for (const start of needs.keys()) {
    const path: { name: string; next: number }[] = [];
    const onPath = new Map<string, number>();
    const enter = (name: string): void => {
      const at = onPath.get(name);
      if (at !== undefined) found.push(path.slice(at).map(step => step.name));
      if (at !== undefined || done.has(name)) return;
      onPath.set(name, path.length);
      path.push({ name, next: 0 });
    };
    enter(start);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const name = needs.get(step.name)?.[step.next++];
      if (name !== undefined) enter(name);
      else {
        done.add(step.name);
        onPath.delete(step.name);
        path.pop();
      }
    }
  }
  return found;
}
