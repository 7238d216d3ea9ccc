import type { Document, LineCounter } from 'yaml';
import { isMap, isNode, isScalar, isSeq } from 'yaml';
import type { ManifestProblem } from '../../protocol/clusterManifests';
import type { ObjectMeta } from '../reflector/serverTable';
import { resolveField, type Step } from './resolveField';

/** What stands in a manifest. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta & Readonly<Record<string, unknown>>;
  readonly [part: string]: unknown;
}

/** One object of a file, and where each of its fields stands. */
export interface Manifest {
  readonly file: string;
  readonly object: ManifestObject;
  /** Place of a field; of what is around it where it has none. */
  readonly placeOf: (steps: readonly Step[]) => { line: number; column: number };
}

/** Place of something in a document. `base`: where the object is in it. */
export function placeIn(
  document: Document,
  lines: LineCounter,
  base: readonly Step[],
  steps: readonly Step[],
): { line: number; column: number } {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of [...base, ...steps]) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(step));
      if (pair === undefined) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** A problem with a field that a server has named: `.spec.containers[name="a"].image`. */
export function problemAt(manifest: Manifest, field: string, message: string): ManifestProblem {
  const { file, object } = manifest;
  const { steps } = resolveField(object, field);
  return { file, ...manifest.placeOf(steps), severity: 'error', message };
}
