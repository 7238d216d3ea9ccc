import type { HelmRelease, HelmRevision, listReleases } from '../../protocol/clusterHelm';
import { HandrailError } from '../../protocol/errors';
import type { ResultOf } from '../../protocol/message';
import { cut } from '../../text/cut';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import { timeOf } from '../reflector/clusterRow';
import { readRecord, type ReleaseRecord, releaseRecords } from './releaseRecords';

/** Revisions of a release that are told. */
const mostRevisions = 50;

/** The releases of a namespace, each by its last revision. Throws what the API throws. */
export async function findReleases(
  cluster: LiveCluster,
  namespace: string,
): Promise<ResultOf<typeof listReleases>> {
  const { records, refused } = await releaseRecords(cluster, namespace);
  const last = new Map<string, ReleaseRecord>();
  for (const record of records) {
    const known = last.get(record.release);
    if (known === undefined || known.revision < record.revision) last.set(record.release, record);
  }
  const told = await Promise.all([...last.values()].map(record => revisionOf(cluster, namespace, record)));
  const releases = [...last.keys()].flatMap((name, at): HelmRelease[] => {
    const revision = told[at];
    return revision === undefined ? [] : [{ name, namespace, ...revision }];
  });
  return {
    releases: releases.sort((a, b) => (a.name < b.name ? -1 : 1)),
    problems: refused.map(({ message }) => message),
  };
}

/** The revisions of a release, the newest first. Throws what the API throws. */
export async function revisionsOf(
  cluster: LiveCluster,
  namespace: string,
  release: string,
): Promise<HelmRevision[]> {
  const { records } = await releaseRecords(cluster, namespace, release);
  const newest = records.sort((a, b) => b.revision - a.revision).slice(0, mostRevisions);
  const told = await Promise.all(newest.map(record => revisionOf(cluster, namespace, record)));
  return told.filter(revision => revision !== undefined);
}

/** What a record says, which is asked for once. */
const known = new WeakMap<LiveCluster, Map<string, HelmRevision>>();
const mostKnown = 1000;

async function revisionOf(
  cluster: LiveCluster,
  namespace: string,
  record: ReleaseRecord,
): Promise<HelmRevision | undefined> {
  const own = known.get(cluster) ?? new Map<string, HelmRevision>();
  known.set(cluster, own);
  const key = `${record.uid} ${record.version}`;
  const before = own.get(key);
  if (before !== undefined) return before;
  const revision = await readRevision(cluster, namespace, record);
  const oldest = own.size >= mostKnown ? own.keys().next().value : undefined;
  if (oldest !== undefined) own.delete(oldest);
  if (revision !== undefined) own.set(key, revision);
  return revision;
}

/** Undefined where it has gone meanwhile. */
async function readRevision(
  cluster: LiveCluster,
  namespace: string,
  record: ReleaseRecord,
): Promise<HelmRevision | undefined> {
  const { revision, status, changedAt } = record;
  const labelled = { revision, status, ...(changedAt !== undefined && { updatedAt: changedAt }) };
  try {
    const { info, chart } = await readRecord(cluster, namespace, record);
    const { name, version, appVersion } = chart.metadata;
    const updatedAt = timeOf(info.last_deployed) ?? changedAt;
    return withProblem({
      revision,
      status,
      ...(name !== '' && { chart: cut(`${name}-${version}`, 200) }),
      ...(appVersion !== '' && { appVersion: cut(appVersion, 200) }),
      ...(updatedAt !== undefined && { updatedAt }),
      ...(info.description !== '' && { description: cut(info.description, 2000) }),
    });
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return undefined;
    // Who may list and not get, sees what the labels tell.
    const isTold = (error instanceof ApiRefusal && error.status === 403) || error instanceof HandrailError;
    if (!isTold) throw error;
    const problem = { severity: 'warning', reason: 'Unreadable', message: error.message } as const;
    return { ...labelled, problem };
  }
}

function withProblem(revision: HelmRevision): HelmRevision {
  const { status, description = '', updatedAt } = revision;
  const since = updatedAt === undefined ? {} : { since: updatedAt };
  if (status === 'failed') {
    const message = description === '' ? 'Helm does not say why' : description;
    return { ...revision, problem: { severity: 'error', reason: 'Failed', message, ...since } };
  }
  if (!status.startsWith('pending-') && status !== 'uninstalling') return revision;
  const message =
    'Helm is at work on it, or was cut off: while it is so, helm refuses another operation. ' +
    'If nobody is at work on it, roll it back';
  return { ...revision, problem: { severity: 'warning', reason: status, message, ...since } };
}
