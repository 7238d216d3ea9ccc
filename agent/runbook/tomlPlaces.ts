import type { KeyPath, Place } from './frontMatterPlaces';

/**
 * Where the keys of a TOML text stand. The parser does not tell, so they are looked for: table headers, `key =`
 * at the start of a line, and keys of inline tables in the same line.
 */
export function tomlPlaces(body: string): (path: KeyPath) => Place | undefined {
  const found = keysOf(body);
  const first = new Map([...found].reverse().map(({ steps, place }) => [idOf(steps), place]));
  const last = new Map(found.map(({ steps, place }) => [idOf(steps), place]));
  return path => {
    const wanted = path.map(String);
    const exact = first.get(idOf(wanted));
    if (exact) return exact;
    for (let length = wanted.length - 1; length > 0; length--) {
      const around = last.get(idOf(wanted.slice(0, length)));
      if (around) return around.value && inlinePlace(body, around.value, wanted.slice(length));
    }
    return undefined;
  };
}

interface FoundKey {
  readonly steps: readonly string[];
  readonly place: Place;
}

const dotted = String.raw`(?:"[^"\n]*"|'[^'\n]*'|[\w-]+)(?:[ \t]*\.[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[\w-]+))*`;
const line = new RegExp(
  String.raw`^[ \t]*(?:\[\[?[ \t]*(${dotted})[ \t]*\]|(${dotted})[ \t]*=[ \t]*(.*))`,
  'gm',
);

function keysOf(body: string): FoundKey[] {
  const found: FoundKey[] = [];
  let table: readonly string[] = [];
  for (const match of body.matchAll(line)) {
    const [whole, header, key = '', rest = ''] = match;
    if (header !== undefined) {
      table = stepsOf(header);
      const start = match.index + whole.indexOf(header);
      found.push({ steps: table, place: { key: { start, end: start + header.length } } });
      continue;
    }
    const start = match.index + whole.indexOf(key);
    const valueStart = match.index + whole.length - rest.length;
    const text = rest.replace(/[ \t\r]*(#[^"']*)?$/, '');
    const value = { start: valueStart, end: valueStart + text.length };
    const place = { key: { start, end: start + key.length }, value, plain: /^[\w.+-]+$/.test(text) };
    found.push({ steps: [...table, ...stepsOf(key)], place });
  }
  return found;
}

function stepsOf(key: string): string[] {
  return (key.match(/"[^"]*"|'[^']*'|[\w-]+/g) ?? []).map(step => step.replace(/^(["'])(.*)\1$/, '$2'));
}

function inlinePlace(
  body: string,
  { start, end }: { start: number; end: number },
  steps: readonly string[],
): Place | undefined {
  let from = start;
  let found: Place | undefined;
  for (const step of steps) {
    const key = new RegExp(`[{,]\\s*["']?(${escaped(step)})["']?\\s*=\\s*([\\w.+-]*)`, 'd');
    const match = key.exec(body.slice(from, end));
    const [, at, value] = match?.indices ?? [];
    if (!at || !value) return undefined;
    const plain = value[1] > value[0];
    found = { key: { start: from + at[0], end: from + at[1] }, plain };
    if (plain) found = { ...found, value: { start: from + value[0], end: from + value[1] } };
    from += at[1];
  }
  return found;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function idOf(steps: readonly string[]): string {
  return JSON.stringify(steps);
}
