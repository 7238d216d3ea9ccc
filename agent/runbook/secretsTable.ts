import type { SecretReference } from '../secrets/types';
import type { CellOptions } from './cellOptions';
import type { Cell, Diagnostic, FrontMatter } from './model';

/** The secrets that a runbook declares. Those with a mistake in them are left out and are a diagnostic. */
export function declaredSecrets(
  _frontMatter: FrontMatter | undefined,
  _source: string,
): { secrets: SecretReference[]; diagnostics: Diagnostic[] } {
  return { secrets: [], diagnostics: [] };
}

/** Which of the declared secrets a cell names: as a word in its text or attributes, or by `secrets=a,b`. */
export function secretsNamed(
  cell: Pick<Cell, 'text' | 'attributes'>,
  options: Pick<CellOptions, 'secrets'>,
  names: Iterable<string>,
): string[] {
  const texts = [cell.text, ...cell.attributes.map(({ value }) => (value === true ? '' : value))];
  return [...names].filter(name => options.secrets.includes(name) || texts.some(text => hasWord(text, name)));
}

function hasWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) return true;
  }
  return false;
}
