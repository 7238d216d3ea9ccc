import { askedKinds, identityKinds } from '../../identity/identityKinds';
import type { ReadIdentity } from '../../identity/readIdentity';
import type { IdentityFact } from '../../protocol/plan';
import type { FiledDiagnostic } from '../../runbook/model';
import { frontMatterDiagnostic } from './frontMatterDiagnostic';
import type { Book } from './book';
import { commandsOf, type DraftStep } from './draft';

/** As whom and where the steps act. */
export interface PlanIdentity {
  /** Those that are shown and held to. */
  readonly facts: readonly IdentityFact[];
  /** Contexts of clusters that a step acts on; none where it names no tool for clusters. */
  contexts(step: Pick<DraftStep, 'cell' | 'options'>): string[];
  readonly problems: readonly FiledDiagnostic[];
}

/** Reads the identity that matters to the steps: by the tools they name, or by the front matter's `identity`. */
export function planIdentity(
  book: Book,
  steps: readonly DraftStep[],
  environment: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
  read: ReadIdentity = () => [],
): PlanIdentity {
  const problems: FiledDiagnostic[] = [];
  const warn = (message: string): void => void problems.push(fileWarning(message));
  const named = identityKinds(steps.flatMap(commandsOf));
  const kinds = frontMatterKinds(book, problems) ?? named;
  const facts = read(environment.env, environment.cwd, [...new Set([...kinds, ...named])], warn);
  // Whoever shows no identity is protected all the same.
  const current = facts.find(({ kind }) => kind === 'kube')?.values['context'];
  return {
    facts: facts.filter(({ kind }) => kinds.includes(kind)),
    problems,
    contexts(step) {
      const texts = commandsOf(step);
      if (!identityKinds(texts).includes('kube')) return [];
      const flagged = texts.flatMap(text => [...text.matchAll(contextFlag)].map(match => match[2] ?? ''));
      return [...new Set([...(current === undefined ? [] : [current]), ...flagged])];
    },
  };
}

/** `kubectl --context prod-eu`, `helm --kube-context=prod-eu`. */
const contextFlag = /--(?:kube-)?context(?:=|\s+)(["']?)([\w.@:/-]+)\1/g;

function frontMatterKinds(
  { runbook, file }: Book,
  problems: FiledDiagnostic[],
): readonly string[] | undefined {
  const { frontMatter } = runbook;
  const asked = askedKinds(frontMatter?.values.identity);
  if (asked === undefined || !frontMatter) return undefined;
  if ('kinds' in asked) return asked.kinds;
  const diagnostic = frontMatterDiagnostic(
    runbook,
    frontMatter,
    'identity',
    'front-matter-value',
    asked.wrong,
  );
  problems.push({ ...diagnostic, severity: 'warning', file });
  return undefined;
}

/** The message begins with the file. */
function fileWarning(message: string): FiledDiagnostic {
  const [, file = '', what = message] = /^(\/\S+|[A-Za-z]:\S+) (.*)$/s.exec(message) ?? [];
  const place = { line: 1, column: 1, span: { start: 0, end: 0 } };
  return { severity: 'warning', code: 'identity', message: `It ${what}`, file, ...place };
}
