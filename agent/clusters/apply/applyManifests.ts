import { setTimeout } from 'node:timers/promises';
import type { ConflictChoice } from '../../protocol/clusterManifests';
import type { ActionOutcome } from '../../protocol/containerActions';
import { HandrailError } from '../../protocol/errors';
import type { ActionAudit } from '../../store/audit/actionAudit';
import { ApiRefusal } from '../api/apiRefusal';
import { type Asked, type Compared, compareManifests, namespaceOf } from '../drift/compareManifests';
import type { ComparedManifest } from '../drift/compareObject';
import type { LiveCluster } from '../live/liveCluster';
import { pathOf } from '../live/knownKinds';
import type { KubeObject } from '../reflector/serverTable';
import { type Reach, writeSet } from './applySet';
import { applyOne } from './applyOne';

export interface AskedApply extends Asked {
  /** Of the comparison that the person has seen. */
  readonly digest: string;
  readonly choices: Readonly<Record<string, ConflictChoice>>;
  /** Ids of those that are to go. */
  readonly prune: readonly string[];
}

/**
 * Applies what was shown, the kinds that others need first, then removes what was shown to go. Throws HandrailError
 * `invalidState` where something else would come of it than what was shown, or where a manifest is invalid.
 */
export async function applyManifests(
  cluster: LiveCluster,
  asked: AskedApply,
  audit: ActionAudit,
  signal?: AbortSignal,
): Promise<ActionOutcome[]> {
  const compared = await compareManifests(cluster, { ...asked, forApply: true }, signal);
  check(compared, asked);
  const outcomes = new Map<string, ActionOutcome>();
  let isWritten = asked.set === undefined;
  for (const group of inOrder(compared.manifests)) {
    // The namespace of the set may be one of its own members.
    if (!isWritten && rank(group[0]?.manifest.object.kind ?? '') > 1)
      isWritten = await write(cluster, asked, compared);
    await Promise.all(
      group.map(async each => {
        const { id, object } = each.shown;
        const outcome = await audit.around(
          'object.apply',
          id,
          {
            state: each.shown.state,
            ...(asked.choices[id] !== undefined && { conflicts: asked.choices[id] }),
          },
          () => outcomeOf(id, object.name, () => applyOne(cluster, each, asked.choices[id])),
          ({ outcome: how, message }) => ({ outcome: how, ...(message !== undefined && { message }) }),
        );
        outcomes.set(id, outcome);
      }),
    );
    await established(cluster, group);
  }
  if (!isWritten) await write(cluster, asked, compared);
  const isWhole = [...outcomes.values()].every(({ outcome }) => outcome !== 'failed');
  const gone = await prune(cluster, compared, { ...asked, isWhole }, audit);
  return [...compared.manifests.flatMap(({ shown }) => outcomes.get(shown.id) ?? []), ...gone];
}

function check({ problems, digest }: Compared, asked: AskedApply): void {
  const wrong = problems.filter(({ severity }) => severity === 'error');
  const [first] = wrong;
  if (first !== undefined)
    throw new HandrailError('invalidState', `${first.file}:${first.line}:${first.column}: ${first.message}`, {
      problems: wrong,
      hint: 'Nothing was applied.',
    });
  if (digest === asked.digest) return;
  throw new HandrailError('invalidState', 'Something else would come of it by now than what was shown', {
    hint: 'Nothing was applied. Look at the changes again.',
    changed: true,
  });
}

async function write(cluster: LiveCluster, asked: AskedApply, compared: Compared): Promise<true> {
  if (asked.set === undefined) return true;
  const kinds = [
    ...compared.manifests.map(({ kind }) => kind),
    ...compared.extras.map(({ member }) => member.kind),
  ];
  const reach: Reach = {
    kinds: kinds.filter(kind => kind !== undefined),
    namespaces: [
      ...compared.manifests.flatMap(({ shown }) => shown.object.namespace ?? []),
      ...compared.extras.flatMap(({ member }) => member.object.metadata?.namespace ?? []),
    ],
  };
  await writeSet(cluster, asked.set, namespaceOf(cluster, asked.namespace), reach);
  return true;
}

/** What others need comes first. */
const order = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  ['ServiceAccount', 'ResourceQuota', 'LimitRange', 'StorageClass', 'PriorityClass', 'PersistentVolume'],
  ['Role', 'ClusterRole', 'ConfigMap', 'Secret', 'PersistentVolumeClaim'],
  ['RoleBinding', 'ClusterRoleBinding', 'Service'],
];

function rank(kind: string): number {
  const found = order.findIndex(kinds => kinds.includes(kind));
  return found === -1 ? order.length : found;
}

/** At most 8 at once, of one rank. */
function inOrder(all: readonly ComparedManifest[]): ComparedManifest[][] {
  const groups: ComparedManifest[][] = [];
  const sorted = [...all].sort((a, b) => rank(a.manifest.object.kind) - rank(b.manifest.object.kind));
  for (const each of sorted) {
    const last = groups.at(-1);
    const isSame = last?.[0] && rank(last[0].manifest.object.kind) === rank(each.manifest.object.kind);
    if (last !== undefined && isSame === true && last.length < 8) last.push(each);
    else groups.push([each]);
  }
  return groups;
}

/** A kind can be used some moments after its definition was made. */
async function established(cluster: LiveCluster, group: readonly ComparedManifest[]): Promise<void> {
  for (const { manifest, kind, wanted } of group) {
    if (manifest.object.kind !== 'CustomResourceDefinition' || kind === undefined) continue;
    const path = pathOf(kind, { name: wanted.metadata.name ?? '' });
    for (let tries = 0; tries < 100; tries++) {
      const now = await cluster.api.json<KubeObject>({ path }).catch(refused);
      const conditions = (now?.status?.['conditions'] ?? []) as { type?: string; status?: string }[];
      if (now === undefined || conditions.some(each => each.type === 'Established' && each.status === 'True'))
        break;
      await setTimeout(200);
    }
    await cluster.discover();
  }
}

/** The object that could not be applied has told why. */
function refused(error: unknown): undefined {
  if (error instanceof ApiRefusal) return undefined;
  throw error;
}

/** Removes what was shown and asked for; nothing where something before it failed. */
async function prune(
  cluster: LiveCluster,
  { extras }: Compared,
  { prune: wanted, isWhole }: { prune: readonly string[]; isWhole: boolean },
  audit: ActionAudit,
): Promise<ActionOutcome[]> {
  const outcomes: ActionOutcome[] = [];
  for (const { id, member } of extras.filter(extra => wanted.includes(extra.id))) {
    const { uid, name = '', namespace } = member.object.metadata ?? {};
    const remove = async (): Promise<Pick<ActionOutcome, 'outcome'>> => {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: { uid },
      };
      await cluster.api.json({
        path: pathOf(member.kind, { name, namespace }),
        method: 'DELETE',
        body: { type: 'application/json', text: JSON.stringify(body) },
        deadline: 60_000,
      });
      return { outcome: 'done' };
    };
    const message = 'It stays: not all of the others could be applied';
    outcomes.push(
      isWhole
        ? await audit.around(
            'object.prune',
            id,
            {},
            () => outcomeOf(id, name, remove),
            ({ outcome }) => ({ outcome }),
          )
        : { id, name, outcome: 'failed', message },
    );
  }
  return outcomes;
}

async function outcomeOf(
  id: string,
  name: string,
  act: () => Promise<Omit<ActionOutcome, 'id' | 'name'>>,
): Promise<ActionOutcome> {
  try {
    return { id, name, ...(await act()) };
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    const { hint } = error.details;
    return { id, name, outcome: 'failed', message: error.message, ...(typeof hint === 'string' && { hint }) };
  }
}
