import { canonicalKey } from './attributes';
import { parseInfo, type InfoGroup, type InfoItem } from './infoString';

/**
 * An info string with one attribute set, or taken away where the value is undefined; only that attribute's bytes
 * change. `key` is canonical: an alias that stands for it is changed in place.
 */
export function writeInfo(info: string, key: string, value: string | true | undefined): string {
  if (typeof value === 'string' && /[\r\n\0]/.test(value)) {
    throw new RangeError(`An attribute's value stands in one line: ${key}`);
  }
  const { group } = parseInfo(info);
  const named = group?.items.some(({ written }) => written === 'name') ?? false;
  const item = group?.items.find(({ written }) => canonicalKey(written, named) === key);
  if (value === undefined) return item && group ? remove(info, group, item) : info;
  if (item && group) return replace(info, group, item, key, value);
  return group ? append(info, group, key, value) : addGroup(info, key, value);
}

/** An info string whose first word is another one; all else stays. */
export function writeTag(info: string, tag: string): string {
  const { tag: old, tagStart } = parseInfo(info);
  return info.slice(0, tagStart) + tag + info.slice(tagStart + old.length);
}

function addGroup(info: string, key: string, value: string | true): string {
  const end = info.trimEnd().length;
  const space = end === 0 ? '' : ' ';
  return `${info.slice(0, end)}${space}{${pair(key, value)}}${info.slice(end)}`;
}

function append(
  info: string,
  { notation, start, end, items }: InfoGroup,
  key: string,
  value: string | true,
): string {
  const last = items.at(-1)?.end ?? start + 1;
  const json = notation === 'json';
  const text = json ? jsonPair(info, items[0], key, value) : pair(key, value);
  const gap =
    items.length === 0
      ? ''
      : json
        ? `,${/^,\s/.test(info.slice(items[0]!.end, end)) ? ' ' : jsonGap(info, items[0]!)}`
        : ' ';
  return info.slice(0, last) + gap + text + info.slice(last);
}

function replace(
  info: string,
  { notation }: InfoGroup,
  item: InfoItem,
  key: string,
  value: string | true,
): string {
  const written = item.written === 'interactive' ? interactive(value) : value;
  if (item.valueAt && written !== true) {
    const { start, end } = item.valueAt;
    const quote = info[start] === "'" ? "'" : '"';
    const sigil = item.written === '#' && !/^[A-Za-z_][\w.:-]*$/.test(written);
    if (sigil) return info.slice(0, item.start) + pair(key, written) + info.slice(item.end);
    const quoted = info[start] === '"' || info[start] === "'";
    const text =
      notation === 'json'
        ? JSON.stringify(written)
        : quoted
          ? quote + escape(written, quote) + quote
          : plain(written);
    return info.slice(0, start) + text + info.slice(end);
  }
  const name = /^[#.]$/.test(item.written) ? key : item.written;
  const text =
    notation === 'json' ? `${JSON.stringify(name)}:${JSON.stringify(written)}` : pair(name, written);
  return info.slice(0, item.start) + text + info.slice(item.end);
}

function remove(info: string, group: InfoGroup, item: InfoItem): string {
  const { items, start, end } = group;
  if (items.length === 1) {
    const before = info.slice(0, start).replace(/[ \t]+$/, '');
    return before + info.slice(end);
  }
  const index = items.indexOf(item);
  const next = items[index + 1];
  if (next) return info.slice(0, item.start) + info.slice(next.start);
  return info.slice(0, items[index - 1]!.end) + info.slice(item.end);
}

function interactive(value: string | true): string {
  return value === 'never' ? 'false' : 'true';
}

function pair(key: string, value: string | true): string {
  return value === true ? key : `${key}=${plain(value)}`;
}

function plain(value: string): string {
  return /^[^\s"'{}\\]+$/.test(value) ? value : `"${escape(value, '"')}"`;
}

function escape(value: string, quote: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
}

function jsonPair(info: string, like: InfoItem | undefined, key: string, value: string | true): string {
  return `${JSON.stringify(key)}:${like ? jsonGap(info, like) : ''}${JSON.stringify(value)}`;
}

/** The blank an author writes after a colon. */
function jsonGap(info: string, { start, valueAt }: InfoItem): string {
  return valueAt && info[valueAt.start - 1] === ' ' && valueAt.start > start ? ' ' : '';
}
