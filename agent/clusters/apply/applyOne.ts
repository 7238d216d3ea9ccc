import type { ConflictChoice } from '../../protocol/clusterManifests';
import type { ActionOutcome } from '../../protocol/containerActions';
import { HandrailError } from '../../protocol/errors';
import { missingRight } from '../actions/guards';
import { ApiRefusal } from '../api/apiRefusal';
import type { ComparedManifest } from '../drift/compareObject';
import { clientSide, type ManagedEntry, managedFields } from '../drift/droppedFields';
import type { LiveCluster } from '../live/liveCluster';
import { type KindPath, pathOf } from '../live/knownKinds';
import { removeAt, resolveField } from '../manifests/resolveField';
import type { KubeObject } from '../reflector/serverTable';
import { refusalWords } from './refusalWords';
import { ourManager, serverApply } from './serverApply';

/** Applies one object. Throws HandrailError with what keeps it from that. */
export async function applyOne(
  cluster: LiveCluster,
  { manifest, wanted, shown, live, kind }: ComparedManifest,
  choice: ConflictChoice | undefined,
): Promise<Pick<ActionOutcome, 'outcome' | 'message'>> {
  const { conflicts } = shown;
  if (conflicts.length > 0 && choice === undefined)
    throw new HandrailError('cluster', conflicts.map(({ message }) => message).join('; '), {
      hint: 'Say whether these fields are taken over or left as they are.',
    });
  if (kind === undefined || (shown.state === 'failed' && shown.invalid))
    throw new HandrailError('cluster', shown.message ?? 'It is invalid', { hint: shown.hint });
  const { name, namespace } = wanted.metadata;
  const verb = live === undefined ? 'create' : 'patch';
  const missing = await missingRight(cluster, {
    verb,
    group: kind.group,
    resource: kind.plural,
    namespace,
    name,
  });
  if (missing !== undefined) throw missing;
  const object = choice === 'leave' ? without(wanted, conflicts) : wanted;
  try {
    if (live !== undefined) await takeFromKubectl(cluster, kind, live);
    await serverApply(cluster, kind, object, { dryRun: false, force: choice === 'takeOver' });
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    const { message, hint } = refusalWords(error, manifest, JSON.stringify(wanted).length);
    throw new HandrailError('cluster', message, { ...(hint !== undefined && { hint }) }, { cause: error });
  }
  const left = choice === 'leave' && conflicts.length > 0;
  return {
    outcome: shown.state === 'inSync' ? 'unchanged' : 'done',
    ...(left && { message: `Left as they are: ${conflicts.map(({ field }) => field).join(', ')}` }),
  };
}

/** Without the fields that others have set: they stay as they are. */
function without<T extends object>(wanted: T, conflicts: readonly { field: string }[]): T {
  const copy = structuredClone(wanted);
  const fields = conflicts.map(({ field }) => resolveField(wanted, field)).filter(({ isWhole }) => isWhole);
  for (const { steps } of fields.reverse()) removeAt(copy, steps);
  return copy;
}

/**
 * What `kubectl apply` has set by itself becomes ours, as `kubectl apply --server-side` does it: else what a manifest drops
 * would stay for ever.
 */
async function takeFromKubectl(cluster: LiveCluster, kind: KindPath, live: KubeObject): Promise<void> {
  const entries = managedFields(live);
  const index = entries.findIndex(
    ({ manager, subresource }) => manager === clientSide && subresource === undefined,
  );
  const entry = entries[index];
  if (entry === undefined) return;
  const ours = entries.findIndex(({ manager, operation }) => manager === ourManager && operation === 'Apply');
  const handed: ManagedEntry = { ...entry, manager: ourManager, operation: 'Apply' };
  const { name = '', namespace, resourceVersion } = live.metadata ?? {};
  const change =
    ours === -1
      ? { op: 'replace', path: `/metadata/managedFields/${index}`, value: handed }
      : { op: 'remove', path: `/metadata/managedFields/${index}` };
  const test = { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion };
  await cluster.api.json({
    path: pathOf(kind, { name, namespace }),
    method: 'PATCH',
    query: { fieldManager: ourManager },
    body: { type: 'application/json-patch+json', text: JSON.stringify([change, test]) },
  });
}
