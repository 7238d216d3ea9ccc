import type { ClusterApi } from '../api/clusterApi';
import { asTable, type ServerTable, tableAccept } from './serverTable';

/** Rows of the first page, which is to be there soon, and of those after it. */
const first = 500;
const next = 1000;

/** Lists a kind as tables, page by page. Throws what the API throws; 410 where the list took too long. */
export async function* listPages(
  api: ClusterApi,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<ServerTable> {
  let from: string | undefined;
  do {
    const query = { limit: from === undefined ? first : next, continue: from, includeObject: 'Metadata' };
    const page = asTable(
      await api.json<ServerTable>({ path, query, accept: tableAccept, signal, deadline: 60_000 }),
    );
    yield page;
    from = page.metadata?.continue;
  } while (from !== undefined && from !== '');
}
