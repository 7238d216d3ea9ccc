/** One `${{ … }}` as written. */
export interface Expression {
  readonly length: number;
  /** `other`: not ours, `${{ github.sha }}`. */
  readonly kind: 'inputs' | 'secrets' | 'other';
  /** What follows the dot; of `other` all that stands inside. */
  readonly name: string;
}

/** The expression that starts at an offset. */
export function expressionAt(text: string, at: number): Expression | undefined {
  if (!text.startsWith('${{', at)) return undefined;
  const match = /^\$\{\{[ \t]*([^{}\n]*?)[ \t]*\}\}/.exec(text.slice(at, at + longest));
  if (!match) return undefined;
  const [whole, inside = ''] = match;
  const [, kind, name = ''] = /^(inputs|secrets)\.([^\s.]+)$/.exec(inside) ?? [];
  if (kind === undefined) return { length: whole.length, kind: 'other', name: inside };
  return { length: whole.length, kind: kind === 'inputs' ? 'inputs' : 'secrets', name };
}

const longest = 300;
