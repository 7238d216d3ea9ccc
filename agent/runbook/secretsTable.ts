import type { SecretReference } from '../secrets/types';
import type { CellOptions } from './cellOptions';
import { FrontMatterPlaces } from './frontMatterPlaces';
import { isRecord } from './frontMatterScalars';
import type { Cell, Diagnostic, FrontMatter } from './model';
import { variableNameProblem } from './variableNames';

/** The secrets that a runbook declares. Those with a mistake in them are left out and are a diagnostic. */
export function declaredSecrets(
  frontMatter: FrontMatter | undefined,
  source: string,
): { secrets: SecretReference[]; diagnostics: Diagnostic[] } {
  const declared = frontMatter?.values.secrets;
  if (declared === undefined || declared === null) return { secrets: [], diagnostics: [] };
  const places = new FrontMatterPlaces(source);
  const diagnostics: Diagnostic[] = [];
  if (!isRecord(declared)) {
    const message = '`secrets` is not a list of names, each with where it is kept';
    return { secrets: [], diagnostics: [places.error(['secrets'], { code, message, hint: forms })] };
  }
  const secrets = Object.entries(declared).flatMap(([name, value]) => {
    const wrongName = variableNameProblem('secret', name);
    if (wrongName) diagnostics.push(places.error(['secrets', name], { code, ...wrongName }));
    const reference = referenceOf(name, value);
    if ('message' in reference) {
      diagnostics.push(places.error(['secrets', name], { code, ...reference, at: 'value' }));
    }
    return wrongName || 'message' in reference ? [] : [reference];
  });
  return { secrets, diagnostics };
}

/** Which of the declared secrets a cell names: as a word in its text or attributes, or by `secrets=a,b`. */
export function secretsNamed(
  cell: Pick<Cell, 'text' | 'attributes'>,
  options: CellOptions,
  names: Iterable<string>,
): string[] {
  const { when, unless, verify, ready, interpreter, target, cwd, secrets } = options;
  // Front matter's `defaults` are attributes, too.
  const texts = [cell.text, when, unless, verify, ready, target, cwd, ...(interpreter ?? [])];
  const written = cell.attributes
    .filter(({ key }) => !wording.has(key))
    .map(({ value }) => (value === true ? undefined : value));
  const all = [...texts, ...Object.values(options.env), ...written].filter(text => text !== undefined);
  return [...names].filter(name => secrets.includes(name) || all.some(text => hasWord(text, name)));
}

/** Attributes whose words are for people. */
const wording: ReadonlySet<string> = new Set([
  'confirm',
  'name',
  'id',
  'tags',
  'title',
  'needs',
  'rollback',
  'parallel',
]);

const code = 'bad-secret';

const shapes: Readonly<Record<SecretReference['provider'], { test: RegExp; wanted: string }>> = {
  env: { test: /^[A-Za-z_][A-Za-z0-9_]*$/, wanted: '`env:VARIABLE`' },
  file: { test: /^[^\n\0]+$/, wanted: '`file:PATH`' },
  cmd: { test: /^[^\0]*\S[^\0]*$/, wanted: '`cmd:COMMAND`, for example `cmd:pass show db`' },
  vault: {
    test: /^[^#\s]+#[^#\s]+$/,
    wanted: '`vault:PATH#KEY`, for example `vault:secret/data/db#password`',
  },
  k8s: {
    test: /^([^\s#]+\/)?[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*#[\w.-]+$/,
    wanted: '`k8s:NAMESPACE/SECRET#KEY` or `k8s:CONTEXT/NAMESPACE/SECRET#KEY`',
  },
  editor: { test: /^[^\s\0]+$/, wanted: '`editor:NAME`' },
};

const forms = `Write one of ${Object.values(shapes)
  .map(({ wanted }) => wanted.replace(/,.*/, ''))
  .join(', ')}.`;

/** The value itself is never told: it may be a secret that somebody wrote here by mistake. */
function referenceOf(name: string, value: unknown): SecretReference | { message: string; hint: string } {
  const match = typeof value === 'string' ? /^([a-z][a-z0-9]*):([^]*)$/.exec(value.trim()) : null;
  if (!match) return { message: `\`${name}\` does not say where the secret is kept`, hint: forms };
  const provider = (Object.keys(shapes) as SecretReference['provider'][]).find(one => one === match[1]);
  if (!provider) {
    return { message: `\`${name}\` is kept by \`${match[1]}\`, and no provider is called so`, hint: forms };
  }
  const place = match[2]!.trim();
  const { test, wanted } = shapes[provider];
  const operator = provider === 'cmd' ? shellOperator(place) : undefined;
  if (operator !== undefined) {
    const message = `\`${name}\`: \`cmd:\` runs a program without a shell, so \`${operator}\` means nothing to it`;
    const next =
      "Quote it where it belongs to a word, or let a shell read the command: `cmd:sh -c 'COMMAND'`.";
    return { message, hint: next };
  }
  if (test.test(place)) return { name, provider, place };
  return { message: `\`${name}\` does not say where \`${provider}\` keeps it`, hint: `Write ${wanted}.` };
}

/** The first character that only a shell gives a meaning, and that is not quoted. */
function shellOperator(command: string): string | undefined {
  const bare = command.replaceAll(/'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]/g, '');
  return /[|;&<>$`()]/.exec(bare)?.[0];
}

function hasWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) return true;
  }
  return false;
}
