import type { ComparedObject, FieldConflict, ManifestProblem } from '../../protocol/clusterManifests';
import type { Kind } from '../../protocol/clusters';
import type { HandrailError } from '../../protocol/errors';
import { nameOf } from '../actions/actOnObjects';
import { missingRight } from '../actions/guards';
import { ApiRefusal } from '../api/apiRefusal';
import { memberLabel } from '../apply/applySet';
import { refusalWords } from '../apply/refusalWords';
import { conflictsIn, ourManager, serverApply } from '../apply/serverApply';
import type { Discovered } from '../live/discoverKinds';
import type { LiveCluster } from '../live/liveCluster';
import { pathOf } from '../live/knownKinds';
import type { Manifest, ManifestObject } from '../manifests/manifest';
import { schemaOf } from '../manifests/openApi';
import { schemaProblems } from '../manifests/schemaProblems';
import type { KubeObject } from '../reflector/serverTable';
import { clientSide, managedFields, withoutDropped } from './droppedFields';
import { shownObjects } from './shownObjects';

/** A manifest beside what runs. */
export interface ComparedManifest {
  readonly manifest: Manifest;
  readonly shown: ComparedObject;
  readonly problems: readonly ManifestProblem[];
  /** Absent where the cluster has no such kind. */
  readonly kind?: Kind;
  /** What is sent: with its namespace, and the label of its set. */
  readonly wanted: ManifestObject;
  readonly live?: KubeObject | undefined;
}

export interface CompareContext {
  readonly found: Discovered;
  readonly namespace: string;
  /** Id of the set. */
  readonly set: string | undefined;
  readonly forApply: boolean;
  readonly all: readonly Manifest[];
}

type Told = Pick<ComparedObject, 'state'> &
  Partial<ComparedObject> & { problems?: readonly ManifestProblem[] };

/** Compares one manifest with what runs. What keeps it from that is in its result. */
export async function compareObject(
  cluster: LiveCluster,
  manifest: Manifest,
  context: CompareContext,
  signal?: AbortSignal,
): Promise<ComparedManifest> {
  const served = kindOf(manifest.object, context.found);
  const kind = served ?? definedKind(manifest.object, context.all);
  let wanted = kind === undefined ? manifest.object : wantedObject(manifest.object, kind, context);
  const { name = '', namespace } = wanted.metadata;
  const object = {
    kind: kind?.id ?? manifest.object.kind,
    name,
    ...(namespace !== undefined && { namespace }),
  };
  const id = nameOf(object);
  let live: KubeObject | undefined;
  const told = async (): Promise<Told> => {
    if (served === undefined || kind === undefined) {
      wanted = inSet(wanted, context.set);
      return unknownKind(manifest, context, kind);
    }
    live = await liveObject(cluster, kind, wanted, signal);
    wanted = inSet(wanted, context.set ?? live?.metadata?.labels?.[memberLabel]);
    const problems = await problemsOf(cluster, manifest, kind);
    const message = problems.map(each => each.message).join('; ');
    if (problems.length > 0) return { state: 'failed', invalid: true, message, problems };
    return compared(cluster, { id, kind, wanted, live, manifest, context, signal });
  };
  const result = await told().catch((error: unknown) => failed(cluster, error, { manifest, wanted, kind }));
  const { problems = [], ...shown } = result;
  const empty = { invalid: false, before: '', after: '', diff: '', conflicts: [] };
  const place = { file: manifest.file, line: manifest.placeOf([]).line };
  return {
    ...{ manifest, wanted, live, problems },
    ...(kind && { kind }),
    shown: { ...empty, id, object, ...place, ...shown },
  };
}

/** In the version that the manifest names: the cluster may have others as well. */
function kindOf({ apiVersion, kind }: ManifestObject, { kinds }: Discovered): Kind | undefined {
  const [first = '', second] = apiVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  const found = kinds.find(each => each.group === group && each.kind === kind);
  return found && { ...found, version };
}

function wantedObject(object: ManifestObject, kind: Kind, { namespace }: CompareContext): ManifestObject {
  const { namespace: own, ...metadata } = object.metadata;
  const rest = Object.fromEntries(Object.entries(object).filter(([part]) => part !== 'status'));
  return {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...metadata,
      ...(kind.namespaced && { namespace: own ?? namespace }),
    },
  };
}

/** A member stays one when its file is applied by itself. */
function inSet(wanted: ManifestObject, set: string | undefined): ManifestObject {
  if (set === undefined) return wanted;
  const labels = { ...wanted.metadata.labels, [memberLabel]: set };
  return { ...wanted, metadata: { ...wanted.metadata, labels } };
}

interface Definition {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: { readonly kind?: string; readonly plural?: string };
}

/** A kind that another of the manifests defines. */
function definedKind({ apiVersion, kind }: ManifestObject, all: readonly Manifest[]): Kind | undefined {
  const [group = '', version = ''] = apiVersion.split('/');
  const definitions = all
    .filter(({ object }) => object.kind === 'CustomResourceDefinition')
    .map(({ object }) => (object['spec'] ?? {}) as Definition);
  const found = definitions.find(each => each.group === group && each.names?.kind === kind);
  const plural = found?.names?.plural;
  if (found === undefined || plural === undefined) return undefined;
  const namespaced = found.scope !== 'Cluster';
  const id = `${plural}.${group}`;
  return { id, group, version, kind, plural, short: [], namespaced, verbs: ['list'], custom: true };
}

function unknownKind({ object }: Manifest, { found }: CompareContext, defined: Kind | undefined): Told {
  const { apiVersion, kind } = object;
  const down = found.downGroups.find(({ group }) => group === apiVersion);
  if (down !== undefined) return { state: 'failed', message: down.message, hint: 'Try again when it does.' };
  if (defined !== undefined)
    return { state: 'missing', message: 'Its kind is missing, too; another manifest has it' };
  const message = `The cluster has no kind ${kind} in ${apiVersion}`;
  return { state: 'failed', invalid: true, message, hint: 'Install its CustomResourceDefinition first.' };
}

async function liveObject(
  cluster: LiveCluster,
  kind: Kind,
  { metadata: { name = '', namespace } }: ManifestObject,
  signal: AbortSignal | undefined,
): Promise<KubeObject | undefined> {
  try {
    const path = pathOf(kind, { name, namespace });
    return await cluster.api.json<KubeObject>({ path, ...(signal && { signal }) });
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404 && error.reason === 'NotFound') return undefined;
    throw error;
  }
}

async function problemsOf(cluster: LiveCluster, manifest: Manifest, kind: Kind): Promise<ManifestProblem[]> {
  const schema = await schemaOf(cluster, kind);
  if (schema === undefined) return [];
  return schemaProblems(manifest.object, schema).map(({ steps, message }) => {
    return { file: manifest.file, ...manifest.placeOf(steps), severity: 'error' as const, message };
  });
}

interface Pair {
  readonly id: string;
  readonly kind: Kind;
  readonly wanted: ManifestObject;
  readonly live: KubeObject | undefined;
  readonly manifest: Manifest;
  readonly context: CompareContext;
  readonly signal: AbortSignal | undefined;
}

async function compared(cluster: LiveCluster, pair: Pair): Promise<Told> {
  const { id, live, wanted, context } = pair;
  const { merged, conflicts, message } = await dryRun(cluster, pair);
  if (live === undefined) {
    const { after, diff } = shownObjects(id, undefined, merged ?? wanted);
    return { state: 'missing', after, diff, ...(message !== undefined && { message }) };
  }
  const clean = withoutDropped(merged ?? live, live, wanted);
  const { isSame, ...texts } = shownObjects(id, live, clean);
  if (isSame) return { state: 'inSync', conflicts: context.forApply ? conflicts : [] };
  return { state: 'changed', ...texts, conflicts };
}

interface DryRun {
  readonly merged?: KubeObject;
  readonly conflicts: FieldConflict[];
  readonly message?: string;
}

async function dryRun(cluster: LiveCluster, { kind, wanted, live, context, signal }: Pair): Promise<DryRun> {
  const manager = context.forApply || live === undefined ? ourManager : managerOf(live);
  try {
    const merged = await serverApply(cluster, kind, wanted, { dryRun: true, force: false, manager, signal });
    return { merged, conflicts: [] };
  } catch (error) {
    const conflicts = conflictsIn(error).filter(each => each.manager !== clientSide);
    if (error instanceof ApiRefusal && error.status === 404 && live === undefined)
      return { conflicts: [], message: `The namespace ${wanted.metadata.namespace ?? ''} is missing, too` };
    if (conflictsIn(error).length === 0) throw error;
    const merged = await serverApply(cluster, kind, wanted, { dryRun: true, force: true, manager, signal });
    return { merged, conflicts };
  }
}

/** Who applies an object as a rule: then fields that its manifest no longer has count as dropped. */
function managerOf(live: KubeObject): string {
  const appliers = managedFields(live).filter(
    ({ operation, subresource }) => operation === 'Apply' && subresource === undefined,
  );
  return usual.find(name => appliers.some(({ manager }) => manager === name)) ?? ourManager;
}

const usual = [ourManager, 'kubectl', 'argocd-controller', 'kustomize-controller', 'helm'];

async function failed(
  cluster: LiveCluster,
  error: unknown,
  { manifest, wanted, kind }: Pick<ComparedManifest, 'manifest' | 'wanted'> & { kind: Kind | undefined },
): Promise<Told> {
  if (!(error instanceof ApiRefusal)) {
    // Without a cluster there is nothing to be told of any object.
    throw error;
  }
  const { message, hint, problems } = refusalWords(error, manifest, JSON.stringify(wanted).length);
  const isForbidden = error.status === 403 && kind !== undefined;
  const missing = isForbidden ? await missingFor(cluster, kind, wanted) : undefined;
  const isInvalid = [400, 413, 422].includes(error.status) || problems.length > 0;
  const advice = missing?.details['hint'] ?? hint;
  return {
    state: 'failed',
    invalid: isInvalid,
    message: missing?.message ?? message,
    ...(typeof advice === 'string' && { hint: advice }),
    problems,
  };
}

/** Reading comes before writing. */
async function missingFor(
  cluster: LiveCluster,
  { group, plural }: Kind,
  { metadata: { namespace, name } }: ManifestObject,
): Promise<HandrailError | undefined> {
  for (const verb of ['get', 'patch'] as const) {
    const missing = await missingRight(cluster, { verb, group, resource: plural, namespace, name });
    if (missing !== undefined) return missing;
  }
  return undefined;
}
