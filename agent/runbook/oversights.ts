import { canonicalKey, isIgnored } from './attributes';
import { findEscapedByte } from './decode';
import type { FoundFence } from './fences';
import { parseInfo, type InfoItem } from './infoString';
import type { Cell, Diagnostic, Position } from './model';
import { knownAttributes } from './knownAttributes';
import { isNear } from './nearName';

/** What an offset of the source is called by a person. */
type PositionOf = (offset: number) => Position;

/** The first byte of a file that is no UTF-8. */
export function invalidBytes(source: string, position: PositionOf): Diagnostic[] {
  const start = findEscapedByte(source);
  if (start < 0) return [];
  const hint = 'Cells get the bytes as they are. If that is not meant, save the file as UTF-8.';
  return [warning('invalid-utf8', 'A byte here is no UTF-8', { start, end: start + 1 }, position, hint)];
}

/** A cell that was begun and not ended takes in the rest of the file. */
export function unclosed(
  { fence, containers }: Pick<FoundFence, 'fence' | 'containers'>,
  cell: Cell,
  position: PositionOf,
): Diagnostic[] {
  if (fence.end > fence.contentEnd || containers.length > 0) return [];
  const message = `The code block of \`${cell.name}\` is not closed, so all that follows belongs to it`;
  return [warning('unclosed-fence', message, cell.span, position, `End it with ${fence.markup}.`)];
}

/** Attributes that nobody knows but that look like one we know. */
export function mistyped(cell: Cell): Diagnostic[] {
  return cell.attributes.flatMap(({ key, written, span }) => {
    const meant = knownAttributes.has(key) ? undefined : [...knownAttributes].find(one => isNear(key, one));
    if (meant === undefined) return [];
    const column = cell.column + span.start - cell.span.start;
    const message = `There is no attribute \`${written}\``;
    const hint = `Did you mean \`${meant}\`?`;
    return [{ severity: 'warning', code: 'unknown-attribute', message, hint, line: cell.line, column, span }];
  });
}

/** A fence with attributes of ours in a language that nobody knows: it was meant to run. */
export function unknownLanguage(
  { info, language, comparison }: FoundFence,
  at: number,
  position: PositionOf,
): Diagnostic[] {
  if (language !== undefined || comparison !== undefined || !info.includes('{')) return [];
  const parsed = parseInfo(info);
  const ours = (parsed.group?.items ?? []).filter(isOurs);
  if (ours.length === 0 || parsed.tag === '' || texts.has(parsed.tag) || isIgnored(parsed)) return [];
  const message = `No language \`${parsed.tag}\` is known, so this block is text`;
  const hint =
    'Name the program that runs it, for example interpreter=/usr/bin/NAME, or take its attributes away.';
  return [warning('unknown-language', message, { start: at, end: at + info.length }, position, hint)];
}

/** Tags of text that somebody may well name. */
const texts = new Set(['text', 'txt', 'output', 'plain', 'plaintext', 'mermaid']);

function isOurs({ written, value }: InfoItem): boolean {
  return (
    value !== true &&
    written !== 'title' &&
    written !== '#' &&
    written !== '.' &&
    knownAttributes.has(canonicalKey(written, false))
  );
}

function warning(
  code: string,
  message: string,
  span: Diagnostic['span'],
  position: PositionOf,
  hint: string,
): Diagnostic {
  return { severity: 'warning', code, message, hint, ...position(span.start), span };
}
