import type { Config } from '../../config/configFile';
import { contextKind, type ReadIdentity } from '../../identity/readIdentity';
import type { IdentityFact } from '../../protocol/plan';
import { isPodTarget, podReadings, resolvePodTarget, writePodTarget } from '../../runbook/podTarget';

/** Where the pods are that cells name as their targets. */
export interface PodContexts {
  /** The target with its context, written so that it means the same whichever is in use or made while the run goes on. */
  fixed(target: string): string;
  /** Names of the contexts that a target acts on: the one in use where it names none, all it can mean where none is there. */
  namesOf(target: string): string[];
  /** As whom and where it acts; none where it does so as the context in use. */
  factOf(target: string): IdentityFact | undefined;
  /** Whether it acts on the context in use. */
  isCurrent(target: string): boolean;
}

/** By the kubeconfigs of the client and those of `config.yaml`, which nothing that a cell does changes. */
export function podContexts(
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
  read: ReadIdentity = () => [],
  kubeconfigs: Config['kubeconfigs'] = [],
): PodContexts {
  const home = env['HOME'] ?? '~';
  const named = (name: string): IdentityFact | undefined => {
    const [own] = read(env, cwd, [contextKind(name)]);
    if (own !== undefined) return own;
    const extras = kubeconfigs.map(path => ({ ...env, KUBECONFIG: path.replace(/^~(?=[\\/])/, home) }));
    const [extra] = extras.flatMap(each => read(each, cwd, [contextKind(name)]));
    return extra && { ...extra, held: false };
  };
  const resolved = (target: string): ReturnType<typeof resolvePodTarget> =>
    resolvePodTarget(target, name => named(name) !== undefined);
  const inUse = (): string | undefined => read(env, cwd, ['kube'])[0]?.values['context'];
  const isCurrent = (target: string): boolean => {
    const found = isPodTarget(target) ? resolved(target) : undefined;
    return found !== undefined && 'found' in found && found.found.on === undefined;
  };
  return {
    isCurrent,
    fixed(target) {
      if (!isPodTarget(target)) return target;
      const answer = resolved(target);
      if ('problem' in answer) return target;
      const on = answer.found.on ?? inUse();
      return writePodTarget({ ...answer.found, ...(on !== undefined && { on }) }, true);
    },
    namesOf(target) {
      if (isCurrent(target)) return [inUse() ?? []].flat();
      const answer = resolved(target);
      if ('found' in answer) return [answer.found.on ?? ''];
      return podReadings(target).flatMap(({ on }) => on ?? []);
    },
    factOf(target) {
      const answer = isPodTarget(target) ? resolved(target) : undefined;
      if (answer === undefined || 'problem' in answer || answer.found.on === undefined) return undefined;
      return named(answer.found.on);
    },
  };
}
