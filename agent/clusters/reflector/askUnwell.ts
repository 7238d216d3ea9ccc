import type { ClusterRow } from '../../protocol/clusters';
import { ApiRefusal } from '../api/apiRefusal';
import type { ClusterApi } from '../api/clusterApi';
import type { KubeObject, ServerRow } from './serverTable';

/** A listed row that is not well, and what the server printed of it. */
export interface Unwell {
  readonly row: ClusterRow;
  readonly printed: ServerRow;
  readonly version: string;
}

/** Objects that are asked for one by one after a list; of all others their row says what is wrong. */
const most = 500;
/** At the same time: other requests have to have their turn. */
const atOnce = 4;

/** Asks for the whole objects of rows that are not well. What has gone meanwhile is left out. */
export async function askUnwell(
  { api, pathOf, signal }: { api: ClusterApi; pathOf: (row: ClusterRow) => string; signal: AbortSignal },
  unwell: readonly Unwell[],
  take: (each: Unwell, object: KubeObject) => void,
): Promise<void> {
  const waiting = unwell.slice(0, most);
  const work = async (): Promise<void> => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
      try {
        take(each, await api.json<KubeObject>({ path: pathOf(each.row), signal }));
      } catch (error) {
        const isGone = error instanceof ApiRefusal && error.status === 404;
        const isForbidden = error instanceof ApiRefusal && error.status === 403;
        if (isForbidden) return;
        if (!isGone) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
