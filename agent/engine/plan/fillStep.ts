import { inputVariable } from '../../runbook/inputs';
import { languageOf } from '../../runbook/languages';
import type { Diagnostic, FiledDiagnostic } from '../../runbook/model';
import { secretsNamed } from '../../runbook/secretsTable';
import { findPlaceholders, placeholderVariable } from '../../runbook/substitute/placeholders';
import { fillIn, fillInCommand, type FillValues } from '../../runbook/substitute/fillIn';
import { cellDiagnostic } from './cellDiagnostic';
import { frontMatterVariables } from '../session/sessionStart';
import type { PlannedStep } from '../types';
import type { DraftStep } from './draft';
import type { InputValues } from './inputValues';
import { runnerOf } from './runnerOf';

/** A step with everything in its place, and what could not be put there. */
export interface FilledStep {
  readonly step: PlannedStep;
  readonly problems: readonly FiledDiagnostic[];
}

const commands = ['when', 'unless', 'verify', 'ready'] as const;

/** Puts inputs, placeholders and secrets into a step: its text, its guards, its variables. */
export function fillStep(draft: DraftStep, { values, secret }: InputValues): FilledStep {
  const { book, cell, options } = draft;
  const fill: FillValues = {
    inputs: book.inputs,
    values,
    secrets: new Set(book.secrets.map(({ name }) => name)),
    placeholders: options.placeholders,
  };
  const language = runnerOf(draft);
  const text = fillIn(cell, fill, book.runbook.source, language);
  const guards = commands.flatMap(key => {
    const command = options[key];
    return command === undefined ? [] : [{ key, ...fillInCommand(command, cell, key, fill) }];
  });
  const all = [text, ...guards];
  const used = all.flatMap(one => one.used);
  // A literal of a value that is not known would be a wrong one.
  const isUnknown = languageOf(language)?.kind !== 'shell' && text.used.some(name => !isKnown(name, fill));
  const variables = new Map(all.flatMap(one => [...one.variables]));
  const step: PlannedStep = {
    index: draft.index,
    cell,
    key: book.key(cell),
    options: { ...options, ...Object.fromEntries(guards.map(one => [one.key, one.text])) },
    from: book,
    text: isUnknown ? cell.text : text.text,
    env: stepVariables(draft, values, variables, secret),
    secrets: secretsOf(draft, used),
    secretInputs: secretInputsOf(draft, used, { values, secret }),
    role: draft.role,
    ...(draft.undoes === undefined ? {} : { undoes: draft.undoes }),
    ...ruled(draft),
    needs: draft.needs,
    pulledIn: draft.pulledIn,
  };
  const problems: Diagnostic[] = all.flatMap(({ diagnostics }) => diagnostics);
  return { step, problems: [...book.filed(problems), ...brokenNames(draft)] };
}

/** What rules made of it. */
function ruled({ askedBy, typed, limit }: DraftStep): Pick<PlannedStep, 'askedBy' | 'typed' | 'limit'> {
  return {
    ...(askedBy === undefined ? {} : { askedBy }),
    ...(typed === undefined ? {} : { typed }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** A cell must not run without a value that its author meant it to have. */
function brokenNames({ book, cell, options }: DraftStep): FiledDiagnostic[] {
  const used = secretsNamed(cell, options, book.broken);
  if (used.length === 0) return [];
  const names = used.map(name => `\`${name}\``).join(', ');
  const message = `\`${cell.name}\` uses ${names}, declared in the front matter in a way that cannot be read`;
  const own = book.filed([cellDiagnostic(book.runbook, cell, 'broken-declaration', message)]);
  return [...used.flatMap(name => book.mistakesOf(name)), ...own];
}

function isKnown(name: string, { values, secrets, inputs }: FillValues): boolean {
  return (
    values.has(name) || secrets.has(name) || inputs.some(input => input.name === name && !input.required)
  );
}

/** Variables by which inputs reach the cell; those of secret ones are not among them. */
function stepVariables(
  { book, options }: DraftStep,
  values: ReadonlyMap<string, string>,
  variables: ReadonlyMap<string, string>,
  secret: ReadonlySet<string>,
): Record<string, string> {
  const inputs = book.inputs.map(({ name }) => [inputVariable(name), name] as const);
  const wanted = [...inputs, ...variables].filter(([, name]) => !secret.has(name) && values.has(name));
  const given = Object.fromEntries(wanted.map(([variable, name]) => [variable, values.get(name) ?? '']));
  // The session has them already, but not that of a container.
  const declared = book.isOther || options.target !== 'local';
  return { ...(declared ? frontMatterVariables(book.file, book.runbook) : {}), ...given };
}

/** Variables of those that the cell uses; two files may have cells of one name. */
function secretInputsOf(
  { book, cell, options }: DraftStep,
  used: readonly string[],
  { values, secret }: Pick<InputValues, 'values' | 'secret'>,
): string[] {
  const isSecret = (name: string): boolean => secret.has(name) && values.has(name);
  const declared = book.inputs.map(({ name }) => name).filter(isSecret);
  const named = secretsNamed(cell, options, declared);
  const found = options.placeholders ? findPlaceholders(cell, book.runbook.source) : [];
  const written = found.map(({ name }) => name).filter(name => isSecret(name) && !declared.includes(name));
  return [
    ...declared.filter(name => named.includes(name) || used.includes(name)),
    ...new Set(written.map(placeholderVariable)),
  ];
}

/** By what the author wrote: a value that is called like a secret does not ask for it. */
function secretsOf({ book, cell }: DraftStep, used: readonly string[]): string[] {
  const names = book.secrets.map(({ name }) => name);
  const named = secretsNamed(cell, book.options(cell), names);
  return names.filter(name => named.includes(name) || used.includes(name));
}
