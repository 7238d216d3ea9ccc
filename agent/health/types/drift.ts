import { resolve } from 'node:path';
import * as z from 'zod';
import { useCluster } from '../clusterAccess';
import { checkType, ProbeFailure } from './checkType';

const Options = z.strictObject({
  /** A file or a folder with manifests. */
  manifests: z.string().min(1),
  /** For manifests that name none; the context's own, if absent. */
  namespace: z.string().min(1).optional(),
  /** By its name; the one in use, if absent. */
  context: z.string().min(1).optional(),
});

/** Objects that are named in a value. */
const mostNamed = 100;

/** Whether a cluster runs what manifests say. */
export const drift = checkType({
  name: 'drift',
  about: 'whether a cluster runs what the manifests of a file or folder say; changes nothing',
  options: Options,
  values: {
    count: ['int', 'objects that the manifests have'],
    differ: ['int', 'how many of them the cluster has otherwise, or not'],
    missing: ['int', 'how many of these it has not at all'],
    extra: ['int', 'objects that were applied with them once, and that no manifest has any more'],
    names: ['list', 'those that differ or are extra: `deployments.apps/shop/web`'],
  },
  up: 'differ == 0',
  subject: ({ manifests }) => manifests,
  async probe({ manifests, namespace, context }, world) {
    const path = resolve(world.folder, manifests);
    const { objects, problems } = await useCluster(context, world, async (cluster, { actions }) => {
      try {
        return await actions.compareManifests(cluster, { path, namespace, env: world.env }, world.signal);
      } catch (error) {
        const { code, message } = error as { code?: unknown; message: string };
        if (code !== 'notFound' && code !== 'invalidState') throw error;
        throw new ProbeFailure(message, { unknown: true, cause: error });
      }
    });
    const wrong = problems.find(({ severity }) => severity === 'error');
    if (wrong !== undefined)
      throw new ProbeFailure(`${wrong.file}:${wrong.line}:${wrong.column}: ${wrong.message}`, {
        unknown: true,
      });
    const unclear = objects.find(({ state }) => state === 'failed');
    if (unclear !== undefined)
      throw new ProbeFailure(`${unclear.id}: ${unclear.message ?? ''}`, { unknown: true });
    const of = (...states: string[]) => objects.filter(({ state }) => states.includes(state));
    return {
      count: BigInt(objects.length - of('extra').length),
      differ: BigInt(of('changed', 'missing').length),
      missing: BigInt(of('missing').length),
      extra: BigInt(of('extra').length),
      names: of('changed', 'missing', 'extra')
        .slice(0, mostNamed)
        .map(({ id }) => id),
    };
  },
});
