import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import type { KeyPath, Place } from './frontMatterPlaces';
import { KeyIndex } from './keyIndex';
import type { Span } from './model';

/** Where the keys of a YAML text stand. */
export function yamlPlaces(document: Document.Parsed): (path: KeyPath) => Place | undefined {
  const keys = new KeyIndex<YAMLMap, Pair>(pairsByKey);
  return path => yamlPlace(document, keys, path);
}

function yamlPlace(
  document: Document.Parsed,
  keys: KeyIndex<YAMLMap, Pair>,
  path: KeyPath,
): Place | undefined {
  let node: unknown = document.contents;
  let key: Node | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = keys.find(node, String(step));
      if (!pair) return undefined;
      key = pair.key as Node;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      key = node as Node;
    } else return undefined;
  }
  const keySpan = spanOf(key);
  if (!keySpan) return undefined;
  const value = spanOf(node);
  return { key: keySpan, ...(value ? { value } : {}), plain: isScalar(node) && node.type === 'PLAIN' };
}

/** Of keys that are there twice the first counts. */
function pairsByKey({ items }: YAMLMap): Map<string, Pair> {
  const named = items.flatMap(pair =>
    isScalar(pair.key) ? [[String(pair.key.value), pair] as [string, Pair]] : [],
  );
  return new Map(named.reverse());
}

function spanOf(node: unknown): Span | undefined {
  const range = (node as Node | undefined)?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}
