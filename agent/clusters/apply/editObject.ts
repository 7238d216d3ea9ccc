import type { editObject as message, FieldConflict, ManifestProblem } from '../../protocol/clusterManifests';
import type { ConflictChoice } from '../../protocol/clusterManifests';
import type { ObjectRef } from '../../protocol/clusterObjects';
import type { Kind } from '../../protocol/clusters';
import { HandrailError } from '../../protocol/errors';
import type { ResultOf } from '../../protocol/message';
import type { ActionAudit } from '../../store/audit/actionAudit';
import { checkRight } from '../actions/guards';
import { nameOf } from '../actions/actOnObjects';
import { ApiRefusal } from '../api/apiRefusal';
import { same, shownObjects } from '../drift/shownObjects';
import type { LiveCluster } from '../live/liveCluster';
import { pathOf } from '../live/knownKinds';
import type { Manifest } from '../manifests/manifest';
import { schemaOf } from '../manifests/openApi';
import { parseManifests } from '../manifests/parseManifests';
import { schemaProblems } from '../manifests/schemaProblems';
import { valueAt } from '../manifests/resolveField';
import { fetchObject } from '../objects/readObject';
import type { KubeObject } from '../reflector/serverTable';
import { type Change, changesBetween, fieldName, mergePatch, otherOwners } from './fieldChanges';
import { refusalWords } from './refusalWords';
import { ourManager } from './serverApply';

/** What a person made of an object. */
export interface Edited {
  readonly object: ObjectRef;
  readonly uid: string;
  readonly before: string;
  readonly after: string;
  readonly apply: boolean;
  readonly choice?: ConflictChoice | undefined;
}

type Result = ResultOf<typeof message>;

/**
 * Changes what differs between two texts of an object, or looks what would come of it. A field that somebody else has changed
 * meanwhile is a conflict. Throws HandrailError where the object is another one by now, or what ApiRefusal says.
 */
export async function editObject(cluster: LiveCluster, edited: Edited, audit: ActionAudit): Promise<Result> {
  const { object: ref, uid, before, after, apply, choice } = edited;
  const empty = { problems: [], conflicts: [], owners: [], live: '', result: '' };
  const opened = parseManifests(before, '');
  const { manifests, problems } = parseManifests(after, '');
  const [old, wanted] = [opened.manifests[0], manifests[0]];
  if (problems.length > 0 || wanted === undefined || old === undefined)
    return { ...empty, outcome: 'invalid', problems: problems.length > 0 ? problems : [nothingThere] };
  const live = await fetchObject(cluster, ref);
  if (live.metadata?.uid !== uid)
    throw new HandrailError('invalidState', `${ref.name} was removed and made again since you opened it`, {
      hint: 'Open it anew, and carry your changes over.',
    });
  const kind = await kindOf(cluster, ref, wanted);
  const wrong = await problemsOf(cluster, wanted, kind, { old, isOne: manifests.length === 1 });
  if (wrong.length > 0) return { ...empty, outcome: 'invalid', problems: wrong };
  const all = changesBetween(old.object, wanted.object);
  const conflicts = conflictsOf(all, live, kind);
  if (conflicts.length > 0 && choice === undefined) return { ...empty, outcome: 'conflict', conflicts };
  const left = choice === 'leave' ? new Set(conflicts.map(({ field }) => field)) : new Set<string>();
  const changes = all.filter(({ steps }) => !left.has(fieldName(steps)));
  return patched(cluster, { ref, kind, live, changes, wanted, apply, conflicts }, audit);
}

const nothingThere: ManifestProblem = {
  ...{ file: '', line: 1, column: 1, severity: 'error', message: 'There is no object in the text' },
  hint: 'Undo, or close it without saving.',
};

async function kindOf(cluster: LiveCluster, ref: ObjectRef, { object }: Manifest): Promise<Kind> {
  const kind = await cluster.kind(ref.kind);
  const version = object.apiVersion.split('/').at(-1) ?? kind.version;
  return { ...kind, version, kind: object.kind, short: [], custom: false };
}

async function problemsOf(
  cluster: LiveCluster,
  wanted: Manifest,
  kind: Kind,
  { old, isOne }: { old: Manifest; isOne: boolean },
): Promise<ManifestProblem[]> {
  const at = (steps: readonly (string | number)[], text: string): ManifestProblem => {
    return { file: '', ...wanted.placeOf(steps), severity: 'error', message: text };
  };
  const fixed = [
    ['apiVersion'],
    ['kind'],
    ['metadata', 'name'],
    ['metadata', 'namespace'],
    ['metadata', 'uid'],
  ];
  const moved = fixed
    .filter(steps => !same(valueAt(old.object, steps), valueAt(wanted.object, steps)))
    .map(steps => at(steps, `${fieldName(steps)} cannot be changed: it would be another object`));
  const schema = await schemaOf(cluster, kind);
  const wrong = schema === undefined ? [] : schemaProblems(wanted.object, schema);
  // What was so already is not for this edit to mend.
  const known = new Set(
    (schema === undefined ? [] : schemaProblems(old.object, schema)).map(each => each.message),
  );
  const fresh = wrong
    .filter(each => !known.has(each.message))
    .map(({ steps, message: text }) => at(steps, text));
  return [...(isOne ? [] : [at([], 'There is more than one object in the text')]), ...moved, ...fresh];
}

/** What is neither as it was opened nor as it is wanted has been changed by somebody else. */
function conflictsOf(changes: readonly Change[], live: KubeObject, kind: Kind): FieldConflict[] {
  const isSecret = kind.id === 'secrets';
  return changes
    .filter(({ steps, from, to }) => {
      const now = valueAt(live, steps);
      const isMasked = isSecret && from === '***';
      return !isMasked && !same(now, from) && !same(now, to);
    })
    .map(({ steps }) => {
      const field = fieldName(steps);
      const [owner] = otherOwners(live, steps, []);
      const manager = owner?.manager ?? '';
      return {
        field,
        manager,
        message: `${field} was changed by ${manager || 'somebody else'} since you opened it`,
      };
    });
}

interface Wanted {
  readonly ref: ObjectRef;
  readonly kind: Kind;
  readonly live: KubeObject;
  readonly changes: readonly Change[];
  readonly conflicts: FieldConflict[];
  readonly wanted: Manifest;
  readonly apply: boolean;
}

async function patched(
  cluster: LiveCluster,
  { ref, kind, live, changes, wanted, apply, conflicts }: Wanted,
  audit: ActionAudit,
): Promise<Result> {
  const { namespace, name } = ref;
  const id = nameOf(ref);
  const owners = changes.flatMap(({ steps }) => otherOwners(live, steps, [ourManager]));
  const told = { problems: [], conflicts, owners };
  const send = () =>
    cluster.api.json<KubeObject>({
      path: pathOf(kind, { namespace, name }),
      method: 'PATCH',
      query: { fieldManager: ourManager, fieldValidation: 'Strict', ...(!apply && { dryRun: 'All' }) },
      body: { type: 'application/merge-patch+json', text: JSON.stringify(mergePatch(changes, live)) },
      deadline: 60_000,
    });
  try {
    if (changes.length === 0) {
      const { before } = shownObjects(id, live, undefined);
      return { ...told, outcome: 'unchanged', live: before, result: before };
    }
    await checkRight(cluster, { verb: 'patch', group: kind.group, resource: kind.plural, namespace, name });
    const fields = changes
      .map(({ steps }) => fieldName(steps))
      .join(' ')
      .slice(0, 500);
    const result = apply ? await audit.around('object.edit', id, { fields }, send) : await send();
    const { isSame, before, after } = shownObjects(id, live, result);
    return {
      ...told,
      outcome: isSame ? 'unchanged' : 'changed',
      live: before,
      result: isSame ? before : after,
    };
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    const {
      message: text,
      hint,
      problems,
    } = refusalWords(error, wanted, JSON.stringify(wanted.object).length);
    if (problems.length > 0) return { ...told, outcome: 'invalid', problems, live: '', result: '' };
    throw new HandrailError(
      'cluster',
      text,
      { ...error.details, ...(hint !== undefined && { hint }) },
      { cause: error },
    );
  }
}
