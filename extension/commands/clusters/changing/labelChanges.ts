/** `app=web tier-` as changes; undefined where it says something else. */
export function changesOf(text: string): Record<string, string | null> | undefined {
  const words = text
    .trim()
    .split(/\s+/)
    .filter(word => word !== '');
  const pairs = words.map((word): [string, string | null] | undefined => {
    const [, name, value] = /^([\w./-]+?)(?:=(.*)|-)$/.exec(word) ?? [];
    return name === undefined ? undefined : [name, value ?? null];
  });
  if (pairs.length === 0 || pairs.includes(undefined)) return undefined;
  return Object.fromEntries(pairs.filter(pair => pair !== undefined));
}
