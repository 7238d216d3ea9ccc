import type { FieldConflict } from '../../protocol/clusterManifests';
import { managedFields } from '../drift/droppedFields';
import { same } from '../drift/shownObjects';
import { isRecord } from '../manifests/parseManifests';
import { type Step, valueAt } from '../manifests/resolveField';
import type { KubeObject } from '../reflector/serverTable';

/** A field that two texts have differently; undefined where one has none. A list is one field. */
export interface Change {
  readonly steps: readonly Step[];
  readonly from: unknown;
  readonly to: unknown;
}

/** What differs, but for what only the server writes. */
export function changesBetween(before: object, after: object): Change[] {
  const changes: Change[] = [];
  const look = (from: unknown, to: unknown, steps: readonly Step[]): void => {
    if (same(from, to) || serverOwn.has(fieldName(steps))) return;
    if (!isRecord(from) || !isRecord(to)) return void changes.push({ steps, from, to });
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)]))
      look(from[key], to[key], [...steps, key]);
  };
  look(before, after, []);
  return changes;
}

const serverOwn: ReadonlySet<string> = new Set([
  ...['resourceVersion', 'generation', 'managedFields', 'creationTimestamp'].map(name => `.metadata.${name}`),
  '.status',
]);

/** `.spec.replicas`, as the API server writes it. */
export function fieldName(steps: readonly Step[]): string {
  return steps.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
}

/** https://www.rfc-editor.org/rfc/rfc7386 ; for this very object, wherever its changes are. */
export function mergePatch(changes: readonly Change[], { metadata }: KubeObject): object {
  const patch: Record<string, unknown> = { metadata: { uid: metadata?.uid } };
  for (const { steps, to } of changes) {
    let place = patch;
    for (const step of steps.slice(0, -1)) {
      const within = isRecord(place[step]) ? place[step] : {};
      place[step] = within;
      place = within;
    }
    place[steps.at(-1) ?? ''] = to ?? null;
  }
  return patch;
}

/** Who has set a field, or something within it, but for those who are left out. */
export function otherOwners(
  live: KubeObject,
  steps: readonly Step[],
  leftOut: readonly string[],
): FieldConflict[] {
  const field = fieldName(steps);
  const path = steps.map(step => `f:${step}`);
  const owners = managedFields(live)
    .filter(
      ({ manager = '', fieldsV1 }) => !leftOut.includes(manager) && valueAt(fieldsV1, path) !== undefined,
    )
    .sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1));
  return owners.map(({ manager = '', time = '' }) => ({
    ...{ field, manager },
    message: `${field} was set by ${manager}${time === '' ? '' : ` at ${time}`}`,
  }));
}
