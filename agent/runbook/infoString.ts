import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { closingBrace } from './frontMatter';
import { knownAttributes } from './knownAttributes';

/** One attribute as written. Offsets count from the start of the info string. */
export interface InfoItem {
  readonly written: string;
  readonly value: string | true;
  readonly start: number;
  readonly end: number;
  /** Where the value stands, quotes included; absent for a bare flag. */
  readonly valueAt?: { readonly start: number; readonly end: number };
}

/** The `{…}` of an info string. */
export interface InfoGroup {
  readonly notation: 'pairs' | 'json';
  readonly start: number;
  readonly end: number;
  readonly items: readonly InfoItem[];
}

export interface InfoProblem {
  readonly code: 'unclosed-quote' | 'attribute-syntax';
  readonly message: string;
  readonly hint: string;
  readonly start: number;
  readonly end: number;
}

/** What an info string says. */
export interface InfoString {
  /** Its first word, up to a blank or an opening brace. */
  readonly tag: string;
  readonly tagStart: number;
  readonly group?: InfoGroup;
  /** Something that was meant as attributes and is broken. */
  readonly problem?: InfoProblem;
}

/** The first word of an info string, up to a blank or an opening brace. */
export function tagOf(info: string): string {
  const start = skipBlanks(info, 0);
  let end = start;
  while (end < info.length && info.charCodeAt(end) > space && info.charCodeAt(end) !== openBrace) end++;
  return info.slice(start, end);
}

const space = 0x20;
const openBrace = 0x7b;

/**
 * Reads an info string: the tag, then the first `{…}` that is a list of attributes or a JSON object. Other
 * braces (`{1,3-4}`, `{r, echo=FALSE}`) and words (`title="a.sh"`) are somebody else's and left alone.
 */
export function parseInfo(info: string): InfoString {
  const tagStart = skipBlanks(info, 0);
  const tag = tagOf(info);
  if (!info.includes('{')) return { tag, tagStart };
  let problem: InfoProblem | undefined;
  for (const at of openingBraces(info, tagStart + tag.length)) {
    const found = parseJsonGroup(info, at) ?? parsePairs(info, at);
    if (found && 'items' in found) return { tag, tagStart, group: found };
    problem ??= found;
  }
  return { tag, tagStart, ...(problem ? { problem } : {}) };
}

/**
 * Braces that may open a list of attributes: not those in quoted values (`title="{x}"`), and none of a template's
 * (`{{ x }}`). After so many it is no list of attributes but somebody's attack.
 */
function openingBraces(info: string, from: number): number[] {
  const found: number[] = [];
  for (const match of info.slice(from).matchAll(/="[^"]*"|='[^']*'|\{\{.*?\}\}|\{/g)) {
    if (match[0] === '{') found.push(from + match.index);
    if (found.length === maxBraces) break;
  }
  return found;
}

const maxBraces = 16;

function parseJsonGroup(info: string, start: number): InfoGroup | InfoProblem | undefined {
  if (info[skipBlanks(info, start + 1)] !== '"') return undefined;
  const end = closingBrace(info, start);
  if (end === undefined) return unclosed(info, start, true);
  const errors: ParseError[] = [];
  // The parser recurses: what is nested deeper than a person would write is not given to it.
  const root = /[[{][^[\]{}]*(?:[[{][^[\]{}]*){32}/.test(info)
    ? undefined
    : parseTree(info.slice(start, end), errors);
  if (!root || errors.length > 0) {
    const message = 'The attributes are no valid JSON object';
    return { code: 'attribute-syntax', message, hint: unclear, start, end };
  }
  const items = (root.children ?? []).map(property => jsonItem(info, start, property));
  return { notation: 'json', start, end, items };
}

function jsonItem(info: string, start: number, property: Node): InfoItem {
  const [key, value] = property.children!;
  const valueAt = { start: start + value!.offset, end: start + value!.offset + value!.length };
  return {
    written: String(key!.value),
    value: jsonValue(value!, info.slice(valueAt.start, valueAt.end)),
    start: start + property.offset,
    end: start + property.offset + property.length,
    valueAt,
  };
}

function jsonValue(node: Node, text: string): string | true {
  if (node.type === 'string') return String(node.value);
  if (node.type === 'boolean' && node.value === true) return true;
  const plainList = node.type === 'array' && node.children?.every(item => item.type === 'string');
  return plainList ? (node.children ?? []).map(item => String(item.value)).join(',') : text;
}

const item = /([#.]?)([A-Za-z_][\w.:-]*)(=)?/y;

function parsePairs(info: string, start: number): InfoGroup | InfoProblem | undefined {
  const items: InfoItem[] = [];
  let at = skipBlanks(info, start + 1);
  while (info[at] !== '}') {
    item.lastIndex = at;
    const match = item.exec(info);
    if (!match)
      return at >= info.length && items.some(({ valueAt }) => valueAt)
        ? unclosed(info, start, false)
        : nearMiss(info, start, at);
    const [whole, sigil, name, equals] = match;
    const value = equals && !sigil ? parseValue(info, at + whole.length) : undefined;
    if (equals && !value) return sigil ? nearMiss(info, start, at) : unclosed(info, at + whole.length, true);
    const end = value ? value.end : at + whole.length;
    if (end < info.length && !/[\s}]/.test(info[end]!)) return nearMiss(info, start, end);
    items.push(sigil ? sigilItem(sigil, name!, at, end) : pairItem(name!, value, at, end));
    at = skipBlanks(info, end);
  }
  return { notation: 'pairs', start, end: at + 1, items };
}

function sigilItem(sigil: string, name: string, start: number, end: number): InfoItem {
  return { written: sigil, value: name, start, end, valueAt: { start: start + 1, end } };
}

function pairItem(written: string, value: Value | undefined, start: number, end: number): InfoItem {
  if (!value) return { written, value: true, start, end };
  return { written, value: value.text, start, end, valueAt: { start: value.start, end: value.end } };
}

interface Value {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function parseValue(info: string, start: number): Value | undefined {
  const quote = info[start];
  if (quote !== '"' && quote !== "'") {
    const text = /^[^\s}]*/.exec(info.slice(start))![0];
    return { text, start, end: start + text.length };
  }
  let text = '';
  for (let at = start + 1; at < info.length; at++) {
    const char = info[at]!;
    if (char === quote) return { text, start, end: at + 1 };
    // Only what could not be written otherwise is escaped, so that C:\dir needs no doubling.
    const escaped = char === '\\' && (info[at + 1] === quote || info[at + 1] === '\\');
    text += escaped ? info[++at]! : char;
  }
  return undefined;
}

/** What is no list of attributes, and yet gives one of ours a value: a slip must not drop a `confirm`. */
function nearMiss(info: string, start: number, at: number): InfoProblem | undefined {
  const inside = info.slice(start + 1).replaceAll(/="[^"]*"|='[^']*'/g, '="');
  const given = [...inside.matchAll(/(?<![\w.:#-])([A-Za-z][\w-]*)\s*=(?!=)/g)].map(([, key]) => key ?? '');
  if (!given.some(key => key !== 'title' && knownAttributes.has(key))) return undefined;
  const what = info.slice(at).split(/[\s}]/, 1)[0] ?? '';
  const message = `The attributes cannot be read from \`${what === '' ? info.slice(at).trim() : what}\` on`;
  return { code: 'attribute-syntax', message, hint: unclear, start, end: info.trimEnd().length };
}

const unclear =
  'Write key=value without blanks around `=`, and quote values with blanks or quotes in them: ' +
  'confirm="Really sure?". Until then the cell cannot run: nobody knows what its attributes ask for.';

function unclosed(info: string, start: number, quote: boolean): InfoProblem {
  const what = quote ? 'A quote or brace' : 'A brace';
  return {
    code: quote ? 'unclosed-quote' : 'attribute-syntax',
    message: `${what} in the attributes is not closed`,
    hint: 'Close it, or the cell cannot run: nobody knows what its attributes ask for.',
    start,
    end: info.trimEnd().length,
  };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= space) at++;
  return at;
}
