import { Document, stringify } from 'yaml';
import type { readRelease, ReleasePart } from '../../protocol/clusterHelm';
import { HandrailError } from '../../protocol/errors';
import type { ResultOf } from '../../protocol/message';
import type { LiveCluster } from '../live/liveCluster';
import type { Release } from './decodeRelease';
import { SecretMask } from './maskSecrets';
import { readRecord, releaseRecords } from './releaseRecords';

type Values = Readonly<Record<string, unknown>>;

/**
 * A part of a release as text. Throws what the API throws, and HandrailError `notFound` where there is no such revision,
 * `invalidState` where its record cannot be read.
 */
export async function releaseText(
  cluster: LiveCluster,
  { namespace, release, revision }: { namespace: string; release: string; revision?: number | undefined },
  { part, reveal }: { part: ReleasePart; reveal: boolean },
): Promise<ResultOf<typeof readRelease>> {
  const { records } = await releaseRecords(cluster, namespace, release);
  const [record] = records
    .filter(each => revision === undefined || each.revision === revision)
    .sort((a, b) => b.revision - a.revision);
  if (record === undefined) {
    const what = revision === undefined ? release : `revision ${String(revision)} of ${release}`;
    throw new HandrailError('notFound', `There is no release ${what} in ${namespace}`, {
      namespace,
      release,
    });
  }
  const read = await readRecord(cluster, namespace, record);
  return { text: reveal ? shownText(read, part) : maskedText(read, part), revision: record.revision };
}

/** As it is. */
function shownText(release: Release, part: ReleasePart): string {
  switch (part) {
    case 'values':
      return yamlOf(release.config);
    case 'allValues':
      return yamlOf(merged(release.chart.values, release.config));
    case 'manifest':
      return release.manifest;
    case 'notes':
      return release.info.notes;
  }
}

/** What is secret in the values and in the manifest is hidden in all of it. */
export function maskedText(release: Release, part: ReleasePart): string {
  const mask = new SecretMask();
  const values = new Document(
    part === 'values' ? release.config : merged(release.chart.values, release.config),
  );
  const given = new Document(release.config);
  for (const document of [given, values]) mask.values(document);
  const manifest = mask.manifest(release.manifest);
  if (part === 'manifest') return manifest;
  return mask.text(part === 'notes' ? release.info.notes : values.toString({ lineWidth: 0 }));
}

function yamlOf(values: Values): string {
  return stringify(values, { lineWidth: 0 });
}

/** As Helm lays one over the other: null takes away; https://helm.sh/docs/chart_template_guide/values_files/ */
export function merged(below: Values, above: Values): Values {
  const all: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const own = all[name];
    if (value === null) delete all[name];
    else all[name] = isValues(own) && isValues(value) ? merged(own, value) : value;
  }
  return all;
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
