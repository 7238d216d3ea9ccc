import type { Diagnostic, FiledDiagnostic, Runbook } from '../../runbook/model';
import { isContainerTarget } from '../../runbook/containerTarget';
import { isPodTarget, podTargetForm } from '../../runbook/podTarget';
import { cellDiagnostic } from './cellDiagnostic';
import { frontMatterDiagnostic } from './frontMatterDiagnostic';
import type { Book } from './book';
import type { DraftStep } from './draft';

/**
 * What the steps ask for and the engine cannot do yet, where leaving it out would change what they do. Refused
 * instead: a cell meant for a container must not run on this machine.
 */
export function unsupported(books: readonly Book[], steps: readonly DraftStep[]): FiledDiagnostic[] {
  return [
    ...books.flatMap(book =>
      book.filed([
        ...brokenFrontMatter(book.runbook),
        ...wrongVariables(book.runbook),
        ...otherContext(book, books),
      ]),
    ),
    ...steps.flatMap(step => step.book.filed(stepParts(step))),
  ];
}

const code = 'not-supported';

function stepParts({ book, cell, options }: DraftStep): Diagnostic[] {
  const { target, lock, background } = options;
  const far =
    target === 'local' || isContainerTarget(target) || isPodTarget(target)
      ? []
      : [['target', target, targetHint(target)] as const];
  const detached =
    target !== 'local' && background === 'detach'
      ? [
          [
            'background',
            'detach',
            `What shall go on in ${target} can be the container's own command.`,
          ] as const,
        ]
      : [];
  const lease = lock?.startsWith('k8s:')
    ? [['lock', lock, 'A lock of this machine has a plain name.'] as const]
    : [];
  return [...far, ...detached, ...lease].map(([key, value, hint]) => {
    const message = `\`${cell.name}\` has \`${key}=${value}\`, which this version cannot do yet`;
    return cellDiagnostic(book.runbook, cell, code, message, { key, hint });
  });
}

function targetHint(target: string): string {
  if (/^(pod|deploy|sts|ds|rs|job|svc|k8s)\b/.test(target))
    return `Write ${podTargetForm}. KIND: deploy, sts, ds, rs, job, svc or pod.`;
  return /^(container|compose|image)\b/.test(target)
    ? 'Write container:[CONTEXT/]NAME, compose:[CONTEXT/]PROJECT/SERVICE or image:REFERENCE.'
    : 'Run it by hand for now, or on this machine.';
}

/** A session has one context: cells of a runbook that names another one would act where they are not meant to. */
function otherContext({ runbook, isOther }: Book, books: readonly Book[]): Diagnostic[] {
  const { frontMatter } = runbook;
  const context = frontMatter?.values.context;
  const own = books.find(book => !book.isOther)?.runbook.frontMatter?.values.context;
  if (!isOther || !frontMatter || context === undefined || context === null || context === own) return [];
  const asked = typeof own === 'string' ? `acts on ${own}` : 'names none';
  const message = `Its cells act on the context ${JSON.stringify(context)}, and the runbook that needs them ${asked}`;
  const hint = 'Give both the same `context`, or run this one by itself.';
  return [{ ...frontMatterDiagnostic(runbook, frontMatter, 'context', code, message), hint }];
}

/** Keys that decide where and with what cells run. */
const decisive = new RegExp(
  ['cwd|shell|env|dotenv|context|defaults|target|inputs|secrets|requires|identity|skipPrompts|languages']
    // A table of TOML; else a key, in TOML with others after a dot, in JSON anywhere.
    .flatMap(keys => [
      `\\[\\[?[ \\t]*["']?(${keys})\\b`,
      `["']?(${keys})["']?[ \\t]*(?:\\.[^\\n:=]*)?[:=\\n]`,
    ])
    .map(form => `(?:^|[{,])[ \\t]*${form}`)
    .join('|'),
  'gm',
);

/** Cells that were meant to run elsewhere, or with other variables, must not run without. */
function brokenFrontMatter({ frontMatter, diagnostics, source }: Runbook): Diagnostic[] {
  const broken = diagnostics.filter(diagnostic => diagnostic.code === 'front-matter-syntax');
  if (!frontMatter || broken.length === 0) return [];
  const text = source.slice(frontMatter.span.start, frontMatter.span.end);
  const keys = [...new Set([...text.matchAll(decisive)].map(([, table, key = table]) => `\`${key}\``))];
  if (keys.length === 0) return [];
  return broken.map(diagnostic => ({
    ...diagnostic,
    hint: `Mend it: it says ${keys.join(', ')} for the cells.`,
  }));
}

function wrongVariables(runbook: Runbook): Diagnostic[] {
  const { frontMatter } = runbook;
  const env = frontMatter?.values.env;
  if (!frontMatter || env === undefined || env === null || isVariables(env)) return [];
  const message = 'env in the front matter is not a list of names, each with a text or a number';
  return [frontMatterDiagnostic(runbook, frontMatter, 'env', 'front-matter-value', message)];
}

function isVariables(env: unknown): boolean {
  if (typeof env !== 'object' || env === null || Array.isArray(env)) return false;
  return Object.values(env).every(value => ['string', 'number', 'boolean', 'bigint'].includes(typeof value));
}
