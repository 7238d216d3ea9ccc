import type { KubeObject } from '../reflector/serverTable';
import { isRecord } from '../manifests/parseManifests';
import { removeAt, resolveField, type Step } from '../manifests/resolveField';

/** An entry of managedFields: https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export interface ManagedEntry {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** The name under which kubectl applies by itself, without the server's help. */
export const clientSide = 'kubectl-client-side-apply';

export function managedFields(object: KubeObject): readonly ManagedEntry[] {
  return (object.metadata as { managedFields?: ManagedEntry[] } | undefined)?.managedFields ?? [];
}

/**
 * Takes out of `merged` what an earlier `kubectl apply` of the client's kind has set and the manifest no longer has. The
 * server's dry run as another manager would leave it, where `kubectl apply`, and ours after taking over, remove it.
 */
export function withoutDropped(merged: KubeObject, live: KubeObject, manifest: object): KubeObject {
  const entries = managedFields(live);
  const own = entries.find(({ manager, subresource }) => manager === clientSide && subresource === undefined);
  const applied = lastApplied(live);
  if (own?.fieldsV1 === undefined || applied === undefined) return merged;
  const others = new Set(entries.filter(each => each !== own).flatMap(({ fieldsV1 }) => leavesOf(fieldsV1)));
  const result = structuredClone(merged);
  const dropped = leavesOf(own.fieldsV1)
    // Of what was made by applying, kubectl owns what the server filled in, too.
    .filter(field => resolveField(applied, field).isWhole)
    .filter(field => !others.has(field) && !resolveField(manifest, field).isWhole)
    .map(field => resolveField(merged, field))
    .filter(({ isWhole }) => isWhole)
    .map(({ steps }) => steps);
  // From the end of lists, so that the others keep their places.
  for (const steps of dropped.sort(laterFirst)) removeAt(result, steps);
  dropEmpty(result, dropped, manifest);
  return result;
}

/** What kubectl noted of the manifest that it applied. */
function lastApplied({ metadata }: KubeObject): unknown {
  const text = metadata?.annotations?.[noted];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Somebody has written something else there: then nothing is known.
    return undefined;
  }
}

const noted = 'kubectl.kubernetes.io/last-applied-configuration';

function laterFirst(a: readonly Step[], b: readonly Step[]): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (step === other) continue;
    return typeof step === 'number' && typeof other === 'number' ? other - step : 0;
  }
  return b.length - a.length;
}

/** A map whose last field has gone goes, too, as a manifest without it has none. */
function dropEmpty(result: KubeObject, dropped: readonly (readonly Step[])[], manifest: object): void {
  for (const steps of dropped) {
    const around = steps.slice(0, -1);
    const value = around.reduce<unknown>(
      (at, step) => (at as Record<Step, unknown> | undefined)?.[step],
      result,
    );
    const wanted = around.reduce<unknown>(
      (at, step) => (at as Record<Step, unknown> | undefined)?.[step],
      manifest,
    );
    const isEmpty = isRecord(value) && Object.keys(value).length === 0;
    if (isEmpty && wanted === undefined) removeAt(result, around);
  }
}

/** Fields as servers name them, of the leaves and of the items of lists; kubectl's own note is not one. */
function leavesOf(fields: ManagedEntry['fieldsV1'], base = ''): string[] {
  if (fields === undefined) return [];
  return Object.entries(fields).flatMap(([key, within]) => {
    if (key === '.') return base.endsWith(']') ? [base] : [];
    const path = base + stepOf(key);
    if (path.includes(noted)) return [];
    const isLeaf = !isRecord(within) || Object.keys(within).length === 0;
    return isLeaf ? [path] : leavesOf(within, path);
  });
}

function stepOf(key: string): string {
  const rest = key.slice(2);
  if (key.startsWith('f:')) return `.${rest}`;
  if (key.startsWith('v:')) return `[=${rest}]`;
  if (key.startsWith('i:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
