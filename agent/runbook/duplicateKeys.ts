import { isScalar, visit, type Document } from 'yaml';

/**
 * Offsets of keys that their map has already. The parser's own check compares each key with each other: 20,000 keys
 * would take it 7 s.
 */
export function duplicateKeys(document: Document.Parsed): number[] {
  const found: number[] = [];
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found.push(key.range?.[0] ?? 0);
        seen.add(key.value);
      }
    },
  });
  return found;
}
