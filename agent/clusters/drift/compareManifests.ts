import { createHash } from 'node:crypto';
import type { ComparedObject, ManifestProblem } from '../../protocol/clusterManifests';
import { nameOf } from '../actions/actOnObjects';
import { memberLabel, type Member, membersOf, setId } from '../apply/applySet';
import type { LiveCluster } from '../live/liveCluster';
import { readManifests } from '../manifests/readManifests';
import { compareObject, type ComparedManifest } from './compareObject';
import { shownObjects, wantedOf } from './shownObjects';

/** What is compared with a cluster. */
export interface Asked {
  /** A file or a folder. */
  readonly path: string;
  /** For manifests that name none. */
  readonly namespace?: string | undefined;
  /** The set that it would be applied as. */
  readonly set?: string | undefined;
  /** Whether it is to be applied by us: then the conflicts count, and what others wrote is not made ours by the dry run. */
  readonly forApply?: boolean;
  /** Where programs are looked for. */
  readonly env: Readonly<Record<string, string>>;
}

/** What came of it; {@link manifests} and {@link extras} are what is to be applied and removed. */
export interface Compared {
  readonly objects: ComparedObject[];
  readonly problems: ManifestProblem[];
  readonly madeBy: 'files' | 'kustomize';
  readonly digest: string;
  readonly manifests: readonly ComparedManifest[];
  readonly extras: readonly { readonly id: string; readonly member: Member }[];
}

/** Objects that are asked about at the same time. */
const mostAtOnce = 8;

/**
 * Compares the manifests of a file or folder with what runs, by the server's dry run: what the server fills in is no
 * difference. Changes nothing. Throws HandrailError where the path or the cluster cannot be read at all; what concerns one
 * object is in its result.
 */
export async function compareManifests(
  cluster: LiveCluster,
  asked: Asked,
  signal?: AbortSignal,
): Promise<Compared> {
  const { manifests: read, problems, madeBy } = await readManifests(asked.path, asked.env, signal);
  const found = await cluster.discover();
  const namespace = namespaceOf(cluster, asked.namespace);
  const id = asked.set === undefined ? undefined : setId(asked.set, namespace);
  const compared: ComparedManifest[] = [];
  const left = read.entries();
  const work = async (): Promise<void> => {
    for (const [index, manifest] of left) {
      signal?.throwIfAborted();
      const context = { found, namespace, set: id, forApply: asked.forApply ?? false, all: read };
      compared[index] = await compareObject(cluster, manifest, context, signal);
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, work));
  const extras = await extrasOf(cluster, compared, { id, namespace, kinds: found.kinds }, signal);
  const objects = [...compared.map(({ shown }) => shown), ...extras.map(({ shown }) => shown)];
  return {
    objects: withinBounds(objects),
    problems: [...problems, ...compared.flatMap(each => each.problems)],
    madeBy,
    digest: digestOf(compared, extras),
    manifests: compared,
    extras,
  };
}

/** The namespace of what names none. */
export function namespaceOf({ context }: LiveCluster, asked: string | undefined): string {
  return asked ?? (context.namespace === '' ? 'default' : context.namespace);
}

type Extra = Compared['extras'][number] & { shown: ComparedObject };

/** What the sets of these objects have, and the folder has not. */
async function extrasOf(
  cluster: LiveCluster,
  compared: readonly ComparedManifest[],
  {
    id,
    namespace,
    kinds,
  }: { id: string | undefined; namespace: string; kinds: Parameters<typeof membersOf>[2] },
  signal: AbortSignal | undefined,
): Promise<Extra[]> {
  const own = compared.map(({ live }) => live?.metadata?.labels?.[memberLabel]);
  const sets = id === undefined ? [...new Set(own.filter(each => each !== undefined))] : [id];
  if (sets.length === 0) return [];
  const known = new Set(compared.map(({ shown }) => shown.id));
  const reach = {
    kinds: [...new Map(compared.flatMap(({ kind }) => (kind ? [[kind.id, kind] as const] : []))).values()],
    namespaces: [...new Set([namespace, ...compared.flatMap(({ shown }) => shown.object.namespace ?? [])])],
  };
  const members = await Promise.all(sets.map(set => membersOf(cluster, set, kinds, reach, signal)));
  return members
    .flat()
    .map(extraOf)
    .filter(extra => !known.has(extra.id) && extra.member.object.metadata?.deletionTimestamp === undefined);
}

function extraOf(member: Member): Extra {
  const { name = '', namespace } = member.object.metadata ?? {};
  const object = { kind: member.kind.id, name, ...(namespace !== undefined && { namespace }) };
  const id = nameOf(object);
  const { before, diff } = shownObjects(id, member.object, undefined);
  const message = 'It was applied with this set before, and no manifest has it any more';
  const shown = {
    id,
    object,
    state: 'extra' as const,
    message,
    invalid: false,
    before,
    after: '',
    diff,
    conflicts: [],
  };
  return { id, member, shown };
}

/**
 * What runs and what is wanted: the values of Secrets, too, which are not shown. Not what the dry run made of it: a Service
 * gets another address each time.
 */
function digestOf(compared: readonly ComparedManifest[], extras: readonly Extra[]): string {
  const hash = createHash('sha256');
  for (const { shown, wanted, live } of compared) {
    const { id, state, conflicts } = shown;
    const runs = live && wantedOf(live);
    hash.update(JSON.stringify([id, state, conflicts, wanted, runs, live?.metadata?.uid]));
  }
  for (const { id, member } of extras) hash.update(JSON.stringify([id, member.object.metadata?.uid]));
  return hash.digest('hex');
}

/** Characters of all texts together: a connection carries 64 MiB. */
const mostShown = 24 * 2 ** 20;

function withinBounds(objects: readonly ComparedObject[]): ComparedObject[] {
  let room = mostShown;
  return objects.map(each => {
    room -= each.before.length + each.after.length + each.diff.length;
    return room >= 0 ? each : { ...each, before: '', after: '', diff: '' };
  });
}
