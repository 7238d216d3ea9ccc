import { resolve } from 'node:path';
import type { Clusters } from '../../clusters/clusters';
import type { FoundContext } from '../../clusters/contexts/foundContext';
import type { ComparedObject, ManifestProblem } from '../../protocol/clusterManifests';
import type { Action, Call } from '../call';
import { UsageError } from '../call';
import { environmentOf } from '../environmentOf';
import { exitCodes } from '../exitCodes';
import { wordDrift } from './wordDrift';

/** What was found, for people and programs. */
export interface Drift {
  readonly context: string;
  readonly server: string;
  readonly madeBy: 'files' | 'kustomize';
  readonly objects: readonly ComparedObject[];
  readonly problems: readonly ManifestProblem[];
}

/**
 * `handrail drift PATH --context C`: exit 0 where all is in sync, 1 where it is not, 2 where a manifest is invalid or an
 * object could not be looked at. Changes nothing.
 */
export const driftCommand: Action = async call => {
  const drift = await compare(call);
  if (drift === undefined) return exitCodes.cancelled;
  const { terminal, options } = call;
  const isJson = options.flag('json') || options.text('output') === 'json';
  if (isJson) void terminal.stdout.write(`${JSON.stringify(forPrograms(drift), null, 2)}\n`);
  else wordDrift(drift, call);
  return exitOf(drift);
};

/** Undefined where it was interrupted. */
async function compare(call: Call): Promise<Drift | undefined> {
  const { args, cwd, options } = call;
  const namespace = options.text('namespace');
  const env = environmentOf(call.env);
  const clusters = await openClusters(call);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  try {
    const context = contextOf(clusters, call, env);
    const cluster = clusters.cluster(context);
    const asked = { path: resolve(cwd, args[0] ?? '.'), env, ...(namespace !== undefined && { namespace }) };
    const found = await clusters.actions.compareManifests(cluster, asked, interrupted.signal);
    return {
      ...{ context: context.name, server: context.cluster.server, madeBy: found.madeBy },
      ...{ objects: found.objects, problems: found.problems },
    };
  } catch (error) {
    if (interrupted.signal.aborted) return undefined;
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    clusters.close();
  }
}

/** In this process, with the terminal's environment: a credential plugin may ask there. */
async function openClusters(call: Call): Promise<Clusters> {
  const { createClusters } = await import('../../clusters/clusters');
  const report = (error: unknown): void => void call.terminal.stderr.write(`handrail: ${String(error)}\n`);
  return createClusters({ folders: call.folders(), report });
}

function contextOf(clusters: Clusters, { options, cwd }: Call, env: Record<string, string>): FoundContext {
  const wanted = options.text('context');
  if (wanted === undefined)
    throw new UsageError(
      'which cluster? Name its context: --context NAME. There are: kubectl config get-contexts',
    );
  const { contexts } = clusters.find(env, cwd);
  const found = contexts.find(({ id }) => id === wanted) ?? contexts.find(({ name }) => name === wanted);
  const names = contexts.map(({ id }) => id).slice(0, 20);
  const there = names.length === 0 ? 'No kubeconfig has one.' : `There are: ${names.join(', ')}`;
  if (found === undefined) throw new UsageError(`there is no context ${wanted}. ${there}`);
  if (found.invalid !== undefined) throw new UsageError(`context ${wanted}: ${found.invalid.message}`);
  return found;
}

function exitOf({ objects, problems }: Drift): number {
  const isInvalid = problems.some(({ severity }) => severity === 'error');
  if (isInvalid || objects.some(({ state }) => state === 'failed')) return exitCodes.unusable;
  return objects.every(({ state }) => state === 'inSync') ? exitCodes.passed : exitCodes.failed;
}

/** Without the whole texts, which the diff stands for. */
function forPrograms(drift: Drift): object {
  const objects = drift.objects.map(({ before: _before, after: _after, invalid: _invalid, ...rest }) => rest);
  return { ...drift, objects };
}
