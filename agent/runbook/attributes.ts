import { parseInfo, type InfoItem, type InfoString } from './infoString';
import type { Attribute, Diagnostic, Position } from './model';

/** Attributes of an info string that starts at offset `base` of the source. */
export function attributesOf(info: InfoString, base: number): Attribute[] {
  const items = info.group?.items ?? [];
  const named = items.some(({ written }) => written === 'name');
  const seen = new Set<string>();
  return items.flatMap(item => {
    const key = canonicalKey(item.written, named);
    if (seen.has(key) && !repeatable.has(key)) return [];
    seen.add(key);
    const span = { start: base + item.start, end: base + item.end };
    return [{ key, written: item.written, value: canonicalValue(item), span }];
  });
}

/**
 * The name that an attribute goes by here. Runme writes an `id` of its own beside a `name`: then it is no name.
 */
export function canonicalKey(written: string, named: boolean): string {
  if (written === 'id' || written === '#') return named ? 'id' : 'name';
  return aliases.get(written) ?? written;
}

/** What is wrong with an info string as such. `position` turns an offset of the source into a place. */
export function infoDiagnostics(
  info: InfoString,
  base: number,
  cell: string,
  position: (offset: number) => Position,
): Diagnostic[] {
  const found = duplicates(info).map(item => ({
    ...position(base + item.start),
    severity: 'warning' as const,
    code: 'duplicate-attribute',
    message: `The attribute \`${item.written}\` is given twice; the first one counts.`,
    span: { start: base + item.start, end: base + item.end },
  }));
  if (!info.problem) return found;
  const { code, message, hint, start, end } = info.problem;
  const span = { start: base + start, end: base + end };
  return [...found, { ...position(span.start), severity: 'error', code, message, hint, span, cells: [cell] }];
}

/** Whether an info string asks for its fence to be text: Runme's `ignore`. */
export function isIgnored(info: InfoString): boolean {
  return info.group?.items.some(({ written, value }) => written === 'ignore' && isTrue(value)) ?? false;
}

/** Whether an info string makes a cell of a fence whose tag is unknown: it names its interpreter. */
export function hasInterpreter(info: InfoString): boolean {
  return info.group?.items.some(({ written, value }) => written === 'interpreter' && value !== true) ?? false;
}

/** The author's name in an info string. */
export function nameIn(info: string): string | undefined {
  const { value } = attributesOf(parseInfo(info), 0).find(({ key }) => key === 'name') ?? {};
  return value === undefined || value === true || value === '' ? undefined : value;
}

export function isTrue(value: string | true): boolean {
  return value === true || /^(true|yes|on|1)$/i.test(value);
}

export function isFalse(value: string | true): boolean {
  return value !== true && /^(false|no|off|0)$/i.test(value);
}

/** Runme's names (https://docs.runme.dev/configuration/cell-level) and pandoc's class. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['interactive', 'tty'],
  ['mimeType', 'mime'],
  ['excludeFromRunAll', 'exclude'],
  ['category', 'tags'],
  ['tag', 'tags'],
  ['.', 'tags'],
]);

/** Given twice, both count. */
const repeatable: ReadonlySet<string> = new Set(['tags']);

function canonicalValue({ written, value }: InfoItem): string | true {
  if (written !== 'interactive') return value;
  return isFalse(value) ? 'never' : 'always';
}

function duplicates(info: InfoString): InfoItem[] {
  const seen = new Set<string>();
  return (info.group?.items ?? []).filter(({ written }) => {
    const again = seen.has(written) && written !== '.';
    seen.add(written);
    return again;
  });
}
