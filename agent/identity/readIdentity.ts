import type { IdentityFact } from '../protocol/plan';
import { aws, azure, gcloud } from './clouds';
import { ConfigFiles } from './files';
import { kube, namedKube } from './kube';
import { docker, git, namedDocker, tofu } from './places';
import type { IdentityProvider } from './world';

/** As whom and where tools act, by what they would read themselves. In the order in which it is shown. */
export const identityProviders: readonly IdentityProvider[] = [kube, aws, gcloud, azure, tofu, docker, git];

/**
 * Reads as whom and where the tools of these kinds would act, with these variables and in this folder: local files
 * only, no process, no network, no login. A file that cannot be understood is told to `warn`. Of the kind
 * {@link engineKind} of a name it tells which engine that is, of {@link contextKind} which cluster, as whom.
 */
export type ReadIdentity = (
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  kinds: readonly string[],
  warn?: (message: string) => void,
) => IdentityFact[];

/** The kind of what is read for an engine that is called by its context's name. */
export function engineKind(context: string): string {
  return `${engineMark}${context}`;
}

const engineMark = 'docker:';

/** The kind of what is read for a cluster that is called by its context's name. */
export function contextKind(context: string): string {
  return `${contextMark}${context}`;
}

const contextMark = 'kube:';

/** A reader that remembers files as long as they do not change, so that it can be asked before each step. */
export function createIdentityReader(): ReadIdentity {
  const files = new ConfigFiles();
  return (env, cwd, kinds, warn = () => undefined) => {
    const world = { env, cwd, files, warn };
    const usual = identityProviders
      .filter(({ kind }) => kinds.includes(kind))
      .flatMap(provider => {
        const found = provider.read(world);
        return found ? [{ kind: provider.kind, held: provider.held, ...found }] : [];
      });
    const engines = kinds.flatMap(kind => {
      const found = kind.startsWith(engineMark) && namedDocker(world, kind.slice(engineMark.length));
      return found ? [{ kind, held: true, ...found }] : [];
    });
    const contexts = kinds.flatMap(kind => {
      const found = kind.startsWith(contextMark) && namedKube(world, kind.slice(contextMark.length));
      return found ? [{ kind, held: true, ...found }] : [];
    });
    return [...usual, ...engines, ...contexts];
  };
}
