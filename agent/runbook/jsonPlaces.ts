import { parseTree, type Node } from 'jsonc-parser';
import type { KeyPath, Place } from './frontMatterPlaces';
import { KeyIndex } from './keyIndex';
import type { Span } from './model';

/** Where the keys of a JSON text stand. */
export function jsonPlaces(body: string): (path: KeyPath) => Place | undefined {
  const root = parseTree(body, [], { allowTrailingComma: true });
  const keys = new KeyIndex<Node, Node>(propertiesByKey);
  return path => root && jsonPlace(root, keys, path);
}

function jsonPlace(root: Node, keys: KeyIndex<Node, Node>, path: KeyPath): Place | undefined {
  let node = root;
  let key = root;
  for (const step of path) {
    if (node.type === 'object') {
      const [name, value]: readonly Node[] = keys.find(node, String(step))?.children ?? [];
      if (!name || !value) return undefined;
      [key, node] = [name, value];
    } else {
      const item: Node | undefined = typeof step === 'number' ? node.children?.[step] : undefined;
      if (!item) return undefined;
      key = node = item;
    }
  }
  const plain = node.type === 'number' || node.type === 'boolean';
  return { key: jsonSpan(key), value: jsonSpan(node), plain };
}

function jsonSpan({ offset, length }: Node): Span {
  return { start: offset, end: offset + length };
}

function propertiesByKey({ children = [] }: Node): Map<string, Node> {
  const named = children.map(property => [String(property.children?.[0]?.value), property] as [string, Node]);
  return new Map(named.reverse());
}
