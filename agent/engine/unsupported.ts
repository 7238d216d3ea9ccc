import type { CellOptions } from '../runbook/cellOptions';
import type { Diagnostic, Runbook } from '../runbook/model';
import { cellDiagnostic } from './cellDiagnostic';
import { frontMatterDiagnostic } from './frontMatterDiagnostic';
import type { PlannedStep } from './types';

/**
 * What the steps ask for and the engine cannot do yet, where leaving it out would change what they do. Refused
 * instead: a cell meant for a container must not run on this machine.
 */
export function unsupported(runbook: Runbook, steps: readonly PlannedStep[]): Diagnostic[] {
  return [
    ...brokenFrontMatter(runbook),
    ...frontMatterParts(runbook),
    ...steps.flatMap(step => stepParts(runbook, step)),
  ];
}

const hint = 'Run it by hand for now, or take the attribute away.';

/** Attributes by key, and whether a cell uses them in a way that matters. */
const attributes: readonly (readonly [key: string, used: (options: CellOptions) => boolean])[] = [
  ['target', options => options.target !== 'local'],
  ['background', options => options.background !== false],
  ['lock', options => options.lock !== undefined],
  ['output', options => options.output !== undefined],
  ['on-error', options => options.onError === 'rollback'],
];

function stepParts(runbook: Runbook, { cell, options }: PlannedStep): Diagnostic[] {
  const used = attributes.filter(([, isUsed]) => isUsed(options));
  const found = used.map(([key]) =>
    cellDiagnostic(
      runbook,
      cell,
      code,
      `\`${cell.name}\` has \`${key}=\`, which this version cannot do yet`,
      {
        key,
        hint,
      },
    ),
  );
  const reference = /\$\{\{\s*(inputs|secrets)\b/.exec(cell.text);
  if (!reference) return found;
  const offset = runbook.source.indexOf(reference[0], cell.span.start);
  const message = `\`${cell.name}\` uses $\{{ ${reference[1]} … }}, which this version cannot fill in yet`;
  return [...found, cellDiagnostic(runbook, cell, code, message, offset < 0 ? {} : { offset })];
}

const code = 'not-supported';

/** Keys that decide where and with what cells run. */
const decisive = /^[ \t]*\[?["']?(cwd|shell|env|dotenv|defaults|target|inputs|secrets)["']?\]?[ \t]*[:=\n]/gm;

/** Cells that were meant to run elsewhere, or with other variables, must not run without. */
function brokenFrontMatter({ frontMatter, diagnostics, source }: Runbook): Diagnostic[] {
  const broken = diagnostics.filter(diagnostic => diagnostic.code === 'front-matter-syntax');
  if (!frontMatter || broken.length === 0) return [];
  const text = source.slice(frontMatter.span.start, frontMatter.span.end);
  const keys = [...new Set([...text.matchAll(decisive)].map(([, key]) => `\`${key}\``))];
  if (keys.length === 0) return [];
  return broken.map(diagnostic => ({
    ...diagnostic,
    hint: `Mend it: it says ${keys.join(', ')} for the cells.`,
  }));
}

function frontMatterParts(runbook: Runbook): Diagnostic[] {
  const { frontMatter } = runbook;
  if (!frontMatter) return [];
  const { values } = frontMatter;
  const used = ['inputs', 'secrets', 'dotenv'].filter(key => !isEmpty(values[key]));
  if (!isEmpty(values.target) && values.target !== 'local') used.push('target');
  const found = used.map(key => {
    const message = `The front matter has \`${key}\`, which this version cannot do yet`;
    return frontMatterDiagnostic(runbook, frontMatter, key, code, message);
  });
  if (isEmpty(values.env) || isVariables(values.env)) return found;
  const message = 'env in the front matter is not a list of names, each with a text or a number';
  return [...found, frontMatterDiagnostic(runbook, frontMatter, 'env', 'front-matter-value', message)];
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

function isVariables(env: unknown): boolean {
  if (typeof env !== 'object' || env === null || Array.isArray(env)) return false;
  return Object.values(env).every(value => ['string', 'number', 'boolean', 'bigint'].includes(typeof value));
}
