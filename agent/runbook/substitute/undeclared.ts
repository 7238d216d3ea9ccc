import type { Expression } from './expressions';
import type { FillValues } from './fillIn';

/** What is wrong with an expression that names nothing, and what to do; nothing where it can be filled in. */
export function undeclared(
  { kind, name }: Expression,
  { inputs, secrets }: FillValues,
): [message: string, hint: string] | undefined {
  if (kind === 'other') {
    return [
      `\`$\{{ ${name} }}\` is neither an input nor a secret`,
      'Write ${{ inputs.NAME }} or ${{ secrets.NAME }}.',
    ];
  }
  const names = kind === 'inputs' ? inputs.map(input => input.name) : [...secrets];
  if (names.includes(name)) return undefined;
  const what = kind === 'inputs' ? 'input' : 'secret';
  const known = names.length === 0 ? `none is declared` : `declared are ${names.join(', ')}`;
  const other = kind === 'inputs' ? secrets.has(name) : inputs.some(input => input.name === name);
  const swapped = other ? ` Write \${{ ${kind === 'inputs' ? 'secrets' : 'inputs'}.${name} }}.` : '';
  const declare = kind === 'inputs' ? 'inputs: {NAME: string}' : 'secrets: {NAME: "env:VARIABLE"}';
  return [
    `There is no ${what} \`${name}\`: ${known}`,
    swapped.trim() || `Declare it in the front matter: \`${declare}\`.`,
  ];
}
