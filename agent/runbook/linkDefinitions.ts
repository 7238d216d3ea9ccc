import type { LinkDefinition } from './blocks';

/**
 * The definitions that a text's links need: a link's target is often defined at the end of the file, in another
 * cell. Labels are looked for roughly; one too many does no harm.
 */
export function linksUsedIn(
  text: string,
  links: Readonly<Record<string, LinkDefinition>>,
): Record<string, LinkDefinition> | undefined {
  let used: Record<string, LinkDefinition> | undefined;
  if (isEmpty(links) || !text.includes(']')) return undefined;
  for (const [, label = ''] of text.matchAll(/\[((?:[^[\]\\]|\\.)+)\](?!\()/g)) {
    const key = normalLabel(label);
    const link = links[key];
    if (link) (used ??= {})[key] = { href: link.href, title: link.title };
  }
  return used;
}

// As markdown-it's `normalizeReference` has it.
function normalLabel(label: string): string {
  const plain = label.trim().replace(/\s+/g, ' ');
  return plain.toLowerCase().toUpperCase();
}

function isEmpty(record: object): boolean {
  for (const _key in record) return false;
  return true;
}
