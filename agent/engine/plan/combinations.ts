import { languageOf } from '../../runbook/languages';
import type { FiledDiagnostic } from '../../runbook/model';
import { secretsNamed } from '../../runbook/secretsTable';
import { findPlaceholders } from '../../runbook/substitute/placeholders';
import { soundsSecret } from '../../runbook/substitute/soundsSecret';
import { isPodTarget } from '../../runbook/podTarget';
import { cellDiagnostic } from './cellDiagnostic';
import type { DraftStep } from './draft';

/** Attributes that do not go together. */
interface Combination {
  /** The attribute that is one too many. */
  readonly key: string;
  readonly code: string;
  applies(step: DraftStep): boolean;
  readonly message: string;
  readonly hint: string;
}

const combinations: readonly Combination[] = [
  {
    key: 'output',
    code: 'background-output',
    applies: ({ options }) => options.background !== false && options.output !== undefined,
    message: 'runs in the background, so its output is never complete and cannot become a variable',
    hint: 'Take `output` or `background` away.',
  },
  {
    key: 'background',
    code: 'detached-secret',
    applies: step => step.options.background === 'detach' && getsSecret(step),
    message: 'outlives its run, so that nobody would mask what it prints, and it gets secrets',
    hint: 'Let it read them itself, or let it end with the run: `background`.',
  },
  {
    key: 'lock',
    code: 'detached-lock',
    applies: ({ options }) => options.background === 'detach' && options.lock !== undefined,
    message: 'outlives its run, and nothing would hold its lock once that has ended',
    hint: 'Let it end with the run: `background`. Or let it take a lock of its own: flock.',
  },
  {
    key: 'fresh',
    code: 'fresh-without-image',
    applies: step => states(step, 'fresh') && step.options.fresh && !step.options.target.startsWith('image:'),
    message: 'has `fresh`, which only a container made of an image can be',
    hint: 'Say of which: target=image:REFERENCE. Or take `fresh` away.',
  },
  {
    key: 'user',
    code: 'user-without-container',
    applies: step => states(step, 'user') && step.options.target === 'local',
    message: 'has `user`, and on this machine cells run as you',
    hint: 'Say in which container: target=container:NAME. Or use sudo.',
  },
  {
    key: 'user',
    code: 'user-in-pod',
    applies: step => states(step, 'user') && isPodTarget(step.options.target),
    message: 'has `user`, and what a cluster runs in a pod runs as its container does',
    hint: 'Take `user` away. Who the container runs as, its securityContext says.',
  },
  {
    key: 'ready',
    code: 'ready-without-background',
    applies: ({ options }) => options.background === false && options.ready !== undefined,
    message: 'has `ready`, which only a cell in the background waits for',
    hint: 'Add `background`, or use `verify` to look at what it did.',
  },
  {
    key: 'parallel',
    code: 'parallel-background',
    applies: ({ options }) => options.parallel !== undefined && options.background !== false,
    message: 'runs in the background, and so at the same time as others anyway',
    hint: 'Take `parallel` or `background` away.',
  },
  {
    key: 'parallel',
    code: 'parallel-interpreter',
    applies: ({ cell, options }) =>
      options.parallel !== undefined && sharesInterpreter(cell.language, options),
    message: 'cannot run at the same time as others: cells of its language share one interpreter',
    hint: 'Take `parallel` away, or give it an interpreter of its own: interpreter=python3.',
  },
  {
    key: 'background',
    code: 'background-interpreter',
    applies: ({ cell, options }) => options.background !== false && sharesInterpreter(cell.language, options),
    message: 'cannot go on in the background: cells of its language share one interpreter',
    hint: 'Give it an interpreter of its own: interpreter=python3.',
  },
];

/** What a run must not do that leaves nothing in the history: nobody could find again what outlives it. */
const unlisted: Combination = {
  key: 'background',
  code: 'detached-unrecorded',
  applies: ({ options }) => options.background === 'detach',
  message: 'outlives its run, and of a run that is not recorded nobody could list it or stop it',
  hint: 'Record the run: leave `--no-record` out. Or let it end with the run: `background`.',
};

/** What the steps ask for that makes no sense together, or in a run that is not recorded. */
export function senselessCombinations(steps: readonly DraftStep[], recorded: boolean): FiledDiagnostic[] {
  const all = recorded ? combinations : [...combinations, unlisted];
  const own = steps.flatMap(step =>
    all
      .filter(combination => combination.applies(step))
      .flatMap(({ key, code, message, hint }) => {
        const { book, cell } = step;
        return book.filed([
          cellDiagnostic(book.runbook, cell, code, `\`${cell.name}\` ${message}`, { key, hint }),
        ]);
      }),
  );
  return [...own, ...steps.flatMap((step, at) => lockedOut(step, steps.slice(0, at)))];
}

/** A cell that goes on in the background holds its lock until the run ends: who wants it within the run waits for ever. */
function lockedOut({ book, cell, options }: DraftStep, before: readonly DraftStep[]): FiledDiagnostic[] {
  const { lock } = options;
  const holder = before.find(step => step.options.background === 'run' && step.options.lock === lock);
  if (lock === undefined || holder === undefined) return [];
  const message = `\`${cell.name}\` waits for the lock ${lock}, which \`${holder.cell.name}\` holds in the background until this run ends`;
  const hint = `Take \`lock\` away here: what runs beside \`${holder.cell.name}\` is of the same run.`;
  return book.filed([cellDiagnostic(book.runbook, cell, 'own-lock', message, { key: 'lock', hint })]);
}

/** Whether the cell says it itself, and runs where it says. */
function states({ book, cell }: DraftStep, key: string): boolean {
  return !book.isMoved(cell) && cell.attributes.some(attribute => attribute.key === key);
}

function getsSecret({ book, cell, options }: DraftStep): boolean {
  const inputs = book.inputs.filter(({ type }) => type === 'secret');
  const names = [...book.secrets, ...inputs].map(({ name }) => name);
  const placeholders = options.placeholders ? findPlaceholders(cell, book.runbook.source) : [];
  return secretsNamed(cell, options, names).length > 0 || placeholders.some(({ name }) => soundsSecret(name));
}

function sharesInterpreter(language: string, { interpreter }: DraftStep['options']): boolean {
  const kind = languageOf(language)?.kind;
  return interpreter === undefined && (kind === 'python' || kind === 'node');
}
