import { askedKinds, identityKinds } from '../../identity/identityKinds';
import type { ConfiguredEndpoints } from '../../config/configFile';
import { ownContextOf } from '../../identity/ownContext';
import { contextKind, engineKind, type ReadIdentity } from '../../identity/readIdentity';
import type { IdentityFact } from '../../protocol/plan';
import { isPodTarget } from '../../runbook/podTarget';
import { parseContainerTarget } from '../../runbook/containerTarget';
import type { FiledDiagnostic } from '../../runbook/model';
import { frontMatterDiagnostic } from './frontMatterDiagnostic';
import { actingContexts } from './actingContexts';
import type { Book } from './book';
import { type PodContexts, podContexts } from './podContexts';
import { commandsHere, engineOf, type DraftStep } from './draft';

/** As whom and where the steps act. */
export interface PlanIdentity {
  /** Those that are shown and held to. */
  readonly facts: readonly IdentityFact[];
  /** {@link actingContexts} */
  contexts(step: DraftStep): string[];
  readonly problems: readonly FiledDiagnostic[];
}

/** Reads the identity that matters to the steps: by the tools they name, or by the front matter's `identity`. */
export function planIdentity(
  book: Book,
  steps: readonly DraftStep[],
  environment: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
  read: ReadIdentity = () => [],
  pods: PodContexts = podContexts(environment, read),
  configured: ConfiguredEndpoints = {},
): PlanIdentity {
  const problems: FiledDiagnostic[] = [];
  const warn = (message: string): void => void problems.push(fileWarning(message));
  problems.push(...unknownContext(book, environment, read));
  const targets = [...new Set(steps.map(({ options }) => options.target))];
  const ofTools = identityKinds(steps.flatMap(commandsHere));
  const named = targets.some(target => pods.isCurrent(target)) ? [...new Set(['kube', ...ofTools])] : ofTools;
  const kinds = frontMatterKinds(book, problems) ?? named;
  const facts = read(environment.env, environment.cwd, [...new Set([...kinds, ...named])], warn);
  const engines = kinds === named || kinds.includes('docker') ? enginesOf(steps) : [];
  const namedEngines = engines.flatMap(name => {
    const found = read(environment.env, environment.cwd, [engineKind(name)], warn);
    return found.length > 0 ? found : configuredEngine(name, configured);
  });
  const namedContexts =
    kinds === named || kinds.includes('kube')
      ? distinct(targets.flatMap(target => pods.factOf(target) ?? []))
      : [];
  const acting = actingContexts(steps, environment, read);
  const ofTarget = ({ options: { target } }: DraftStep): string[] =>
    isPodTarget(target) ? pods.namesOf(target) : [];
  return {
    facts: [...facts.filter(({ kind }) => kinds.includes(kind)), ...namedEngines, ...namedContexts],
    problems,
    // Whoever shows no identity is protected all the same.
    contexts: step => [...new Set([...ofTarget(step), ...acting(step)])],
  };
}

function distinct(facts: readonly IdentityFact[]): IdentityFact[] {
  return facts.filter(({ kind }, at) => facts.findIndex(other => other.kind === kind) === at);
}

/** Names of the engines that targets call by them. */
function enginesOf(steps: readonly DraftStep[]): string[] {
  const names = steps.flatMap(({ options }) => engineOf(parseContainerTarget(options.target)) ?? []);
  return [...new Set(names)];
}

/** One of `config.yaml`, which nothing that a cell does changes. */
function configuredEngine(name: string, configured: ConfiguredEndpoints): IdentityFact[] {
  const endpoint = Object.hasOwn(configured, name) ? configured[name]?.address : undefined;
  if (endpoint === undefined) return [];
  return [{ kind: engineKind(name), label: endpoint, values: { endpoint }, held: false }];
}

/** A cell may make it, so that it is no error. */
function unknownContext(
  { runbook, file }: Book,
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
  read: ReadIdentity,
): FiledDiagnostic[] {
  const context = ownContextOf(env);
  const { frontMatter } = runbook;
  if (context === undefined || !frontMatter || read(env, cwd, [contextKind(context)]).length > 0) return [];
  const message = `No kubeconfig has the context ${context}: look with kubectl config get-contexts`;
  const diagnostic = frontMatterDiagnostic(runbook, frontMatter, 'context', 'no-such-context', message);
  return [{ ...diagnostic, severity: 'warning', file }];
}

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
