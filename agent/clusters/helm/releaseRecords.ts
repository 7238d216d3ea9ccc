import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import type { KubeObject } from '../reflector/serverTable';
import { decodeRelease, type Release } from './decodeRelease';

/** Where Helm keeps its records: Secrets, unless it is told otherwise. */
const drivers = ['secrets', 'configmaps'] as const;

/** That there is a record of a revision, without what is in it. */
export interface ReleaseRecord {
  readonly driver: (typeof drivers)[number];
  /** Of the object. */
  readonly object: string;
  readonly uid: string;
  readonly version: string;
  readonly release: string;
  readonly revision: number;
  readonly status: string;
  /** When it was written last; milliseconds since 1970. */
  readonly changedAt: number | undefined;
}

/** Records of one page, and in all: ten of each release are kept. */
const page = 500;
const most = 5000;

/**
 * All records in a namespace, or those of one release, by their labels alone. `refused`: why a place was not looked at.
 * Throws what the API throws where none could be.
 */
export async function releaseRecords(
  cluster: LiveCluster,
  namespace: string,
  release?: string,
): Promise<{ records: ReleaseRecord[]; refused: ApiRefusal[] }> {
  const refused: ApiRefusal[] = [];
  const all = drivers.map(async driver => {
    try {
      return await recordsIn(cluster, driver, namespace, release);
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.status !== 403) throw error;
      refused.push(error);
      return [];
    }
  });
  const records = (await Promise.all(all)).flat();
  if (refused[0] !== undefined && refused.length === drivers.length) throw refused[0];
  return { records, refused };
}

/** What a record holds. Throws what the API throws, and HandrailError `invalidState` where it cannot be read. */
export async function readRecord(
  cluster: LiveCluster,
  namespace: string,
  { driver, object }: ReleaseRecord,
): Promise<Release> {
  const path = `${placeOf(driver, namespace)}/${encodeURIComponent(object)}`;
  const { data } = await cluster.api.json<{ data?: { release?: string } }>({ path });
  const kept = data?.release ?? '';
  // Of a Secret the API itself tells base64, of what is base64 already.
  return decodeRelease(driver === 'secrets' ? Buffer.from(kept, 'base64').toString('latin1') : kept);
}

async function recordsIn(
  cluster: LiveCluster,
  driver: ReleaseRecord['driver'],
  namespace: string,
  release: string | undefined,
): Promise<ReleaseRecord[]> {
  const path = placeOf(driver, namespace);
  const labelSelector = ['owner=helm', ...(release === undefined ? [] : [`name=${release}`])].join(',');
  const records: ReleaseRecord[] = [];
  let from: string | undefined;
  do {
    const query = { labelSelector, limit: page, continue: from };
    const { items, metadata } = await cluster.api.json<{
      items?: readonly KubeObject[] | null;
      metadata?: { continue?: string };
    }>({ path, query, accept: metadataAlone });
    // Of none it is null.
    records.push(...(items ?? []).flatMap(item => recordOf(driver, item) ?? []));
    from = metadata?.continue;
  } while (from !== undefined && from !== '' && records.length < most);
  return records;
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const metadataAlone = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

function placeOf(driver: ReleaseRecord['driver'], namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/${driver}`;
}

/** Labels: https://github.com/helm/helm/blob/v3.17.0/pkg/storage/driver/secrets.go */
function recordOf(driver: ReleaseRecord['driver'], { metadata }: KubeObject): ReleaseRecord | undefined {
  const { name: release, version, status, modifiedAt, createdAt } = metadata?.labels ?? {};
  const revision = Number(version);
  if (metadata?.name === undefined || release === undefined || !Number.isSafeInteger(revision))
    return undefined;
  const seconds = Number(modifiedAt ?? createdAt ?? NaN);
  return {
    driver,
    ...{ object: metadata.name, uid: metadata.uid ?? '', version: metadata.resourceVersion ?? '' },
    ...{ release, revision, status: status ?? 'unknown' },
    changedAt: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  };
}
