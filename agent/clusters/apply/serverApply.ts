import type { FieldConflict } from '../../protocol/clusterManifests';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import { type KindPath, pathOf } from '../live/knownKinds';
import type { KubeObject } from '../reflector/serverTable';

/** Who we are to the server. */
export const ourManager = 'handrail';

export interface ApplyOptions {
  readonly dryRun: boolean;
  /** Takes over what others have set. */
  readonly force: boolean;
  readonly manager?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Server-side apply of one object, as it then is. Throws ApiRefusal. https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export function serverApply(
  cluster: LiveCluster,
  kind: KindPath,
  object: { readonly metadata: { readonly name?: string; readonly namespace?: string } },
  { dryRun, force, manager = ourManager, signal }: ApplyOptions,
): Promise<KubeObject> {
  const { name = '', namespace } = object.metadata;
  return cluster.api.json<KubeObject>({
    path: pathOf(kind, { name, namespace }),
    method: 'PATCH',
    query: {
      fieldManager: manager,
      fieldValidation: 'Strict',
      force,
      ...(dryRun && { dryRun: 'All' }),
    },
    // JSON is YAML.
    body: { type: 'application/apply-patch+yaml', text: JSON.stringify(object) },
    deadline: 60_000,
    ...(signal && { signal }),
  });
}

/** The fields that somebody else has set, where a refusal is for these. */
export function conflictsIn(error: unknown): FieldConflict[] {
  if (!(error instanceof ApiRefusal) || error.status !== 409) return [];
  return (error.body.details?.causes ?? [])
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field = '', message = '' }) => {
      const [, manager = ''] = /conflict with "([^"]*)"/.exec(message) ?? [];
      return { field, manager, message: `${field} is set by ${manager || 'somebody else'}` };
    });
}
