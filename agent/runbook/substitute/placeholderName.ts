import type { PlaceholderShape } from './placeholderShape';
import type { Atom } from './shellContext';

/**
 * What a placeholder is asked for by. One that shows only a form (`<YYYY-MM-DD>`, `<...>`) is called after the option
 * or variable it is given to: `--since <YYYY-MM-DD> --until <YYYY-MM-DD>` are two things.
 */
export function placeholderName({ inside }: PlaceholderShape, { word, before }: Atom): string {
  if (forms.test(inside)) {
    const given =
      /^(?:--?)?([A-Za-z_][\w-]*)=["']?$/.exec(word) ??
      (/^["']?$/.test(word) ? /^--?([A-Za-z][\w-]*)$/.exec(before) : null);
    if (given) return given[1]!;
  }
  const name = inside.replaceAll(/[^\p{L}\p{N}_]+/gu, '-').replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'value' : name;
}

/** What says how something is written and not what it is. */
const forms = /^(\.\.\.|…|[YMDHmSshd]{2,4}([-/:.T][YMDHmSshd]{2,4})+|value|string|number|int|integer|text)$/i;
