import type { KubeconfigProblem } from './foundContext';
import type { Entry, KubeconfigFile } from './kubeconfigFile';

/** Several kubeconfigs as one. */
export interface Merged {
  readonly current?: string;
  readonly contexts: readonly Entry[];
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  /** Contexts that do not count because an earlier file has one of that name. */
  readonly problems: readonly KubeconfigProblem[];
}

/**
 * Merges as kubectl does it: of entries with one name the first counts, whole
 * (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
 */
export function mergeKubeconfigs(files: readonly KubeconfigFile[]): Merged {
  const contexts = firstOfEach(files.flatMap(file => file.contexts));
  const current = files.map(file => file.current).find(each => each !== undefined);
  const shadowed = files
    .flatMap(file => file.contexts)
    .filter(entry => contexts.get(entry.name) !== entry)
    .map(({ name, file, line, column }): KubeconfigProblem => {
      const first = contexts.get(name);
      return {
        file,
        line,
        column,
        message: `The context ${name} does not count: ${first?.file ?? ''}:${first?.line ?? 0} has one of that name before`,
        hint: 'Rename one of them: kubectl uses the first one only.',
      };
    });
  return {
    ...(current !== undefined && { current }),
    contexts: [...contexts.values()],
    clusters: firstOfEach(files.flatMap(file => file.clusters)),
    users: firstOfEach(files.flatMap(file => file.users)),
    problems: shadowed,
  };
}

function firstOfEach(entries: readonly Entry[]): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of entries) if (!found.has(entry.name)) found.set(entry.name, entry);
  return found;
}
