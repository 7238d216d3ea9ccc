import { stringify } from 'yaml';
import { unifiedDiff } from '../../history/unifiedDiff';
import type { KubeObject } from '../reflector/serverTable';
import { isRecord } from '../manifests/parseManifests';

type Plain = Record<string, unknown>;

/** Characters of one side that are shown. */
const longest = 512 * 1024;

/** Two states of an object as a person compares them, and whether anything that somebody wants differs. */
export interface Shown {
  readonly isSame: boolean;
  readonly before: string;
  readonly after: string;
  readonly diff: string;
}

/**
 * Shows what runs beside what would run; either may be absent. What only the server writes is left out: versions, times,
 * managed fields, the status. Values of Secrets are `***`, and say where they differ.
 */
export function shownObjects(
  name: string,
  live: KubeObject | undefined,
  wanted: KubeObject | undefined,
): Shown {
  const left = live && wantedOf(live);
  const right = wanted && wantedOf(wanted);
  const isSame = left !== undefined && right !== undefined && same(left, right);
  if (isSecret(live) || isSecret(wanted)) maskBoth(left, right);
  const before = yamlOf(left);
  const after = yamlOf(right);
  const diff = isSame
    ? ''
    : unifiedDiff({ name: `running/${name}`, text: before }, { name: `manifest/${name}`, text: after });
  return { isSame, before: cutLong(before), after: cutLong(after), diff };
}

/** An object without what only the server writes. */
export function wantedOf(object: KubeObject): Plain {
  const rest = structuredClone(object) as Plain;
  delete rest['status'];
  const metadata = { ...(rest['metadata'] as Plain | undefined) };
  for (const name of serverFields) Reflect.deleteProperty(metadata, name);
  const annotations = { ...(metadata['annotations'] as Plain | undefined) };
  for (const name of noted) Reflect.deleteProperty(annotations, name);
  if (Object.keys(annotations).length > 0) metadata['annotations'] = annotations;
  else delete metadata['annotations'];
  return { ...rest, metadata };
}

const serverFields = [
  ...['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'],
  ...['deletionTimestamp', 'deletionGracePeriodSeconds'],
];
/** Notes of kubectl and of controllers. */
const noted = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision'];

/** Whether two values are the same; the order of keys does not matter. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}

function isSecret(object: KubeObject | undefined): boolean {
  return object?.kind === 'Secret' && object.apiVersion === 'v1';
}

function maskBoth(left: Plain | undefined, right: Plain | undefined): void {
  for (const part of ['data', 'stringData']) {
    const [a, b] = [left?.[part], right?.[part]];
    if (isRecord(a)) left![part] = masked(a, b, '*** (before)');
    if (isRecord(b)) right![part] = masked(b, a, '*** (after)');
  }
}

function masked(values: Plain, others: unknown, changed: string): Plain {
  const differs = (key: string) =>
    isRecord(others) && Object.hasOwn(others, key) && !same(others[key], values[key]);
  return Object.fromEntries(Object.keys(values).map(key => [key, differs(key) ? changed : '***']));
}

/** Long lines stay: folded, a script in a ConfigMap could not be read. */
function yamlOf(object: Plain | undefined): string {
  return object === undefined
    ? ''
    : stringify(object, { lineWidth: 0, version: '1.1', sortMapEntries: false });
}

function cutLong(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, text.lastIndexOf('\n', longest))}\n# … more was left out here\n`;
}
