import type { IncomingMessage } from 'node:http';
import { TextLines } from '../../text/textLines';
import { ApiRefusal, type Status } from '../api/apiRefusal';
import type { Ask, ClusterApi } from '../api/clusterApi';
import { ClusterSilent } from '../api/clusterUnusable';
import { type KubeObject, plainColumns, plainRow, type ServerTable, tableAccept } from './serverTable';

/** One event of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly table: ServerTable;
  /** Of the cluster, after this event. */
  readonly version: string | undefined;
}

/** What is watched. */
export interface Watched {
  readonly api: ClusterApi;
  readonly path: string;
  /** Which of them: `labelSelector`, `fieldSelector`. */
  readonly query?: Ask['query'];
  readonly version: string;
  /** Whether events are to have whole objects. */
  readonly isWhole: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the server is asked whether it is there. It says something each minute. */
  readonly silence: number;
  /** The server has begun to answer. */
  readonly opened: () => void;
}

/**
 * Watches: all events that came together at a time. Returns when the server ends it, as it does after some minutes. Throws
 * ApiRefusal (410: the version is too old), ClusterUnusable, or what cut the connection.
 */
export async function* watchEvents(watched: Watched): AsyncGenerator<readonly WatchEvent[]> {
  const { api, path, version, isWhole, signal, opened } = watched;
  const query = {
    ...watched.query,
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: version,
    // Not all of them at the same time.
    timeoutSeconds: 240 + Math.floor(Math.random() * 120),
    includeObject: isWhole ? 'Object' : 'Metadata',
  };
  const response = await api.stream({ path, query, accept: tableAccept, signal });
  const lines = new TextLines();
  const stop = endWhereSilent(response, watched);
  try {
    opened();
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const events = lines.read(chunk).map(readEvent);
      if (lines.isTooLong) throw new Error(`${path}: an event has more than 64 MiB`);
      if (events.length > 0) yield events;
    }
  } catch (error) {
    throw api.worded(error);
  } finally {
    stop();
    response.destroy();
  }
}

/** A server that hangs keeps its connections open: where nothing comes it is asked for something else. */
function endWhereSilent(response: IncomingMessage, { api, path, silence }: Watched): () => void {
  const timer = setTimeout(() => void check(), silence);
  const check = async (): Promise<void> => {
    try {
      await api.text({ path: '/version', deadline: Math.min(silence, 10_000) });
      timer.refresh();
    } catch (error) {
      response.destroy(error instanceof Error ? error : new ClusterSilent(`the watch of ${path}`, silence));
    }
  };
  response.on('data', () => timer.refresh());
  return () => clearTimeout(timer);
}

function readEvent(line: string): WatchEvent {
  const { type, object } = JSON.parse(line) as { type: WatchEvent['type'] | 'ERROR'; object: unknown };
  if (type === 'ERROR') {
    const status = object as Status;
    const after = status.details?.retryAfterSeconds;
    throw new ApiRefusal(status.code ?? 500, status, after === undefined ? undefined : after * 1000);
  }
  const table = tableIn(object as ServerTable & KubeObject);
  const [row] = table.rows ?? [];
  const version = row?.object?.metadata?.resourceVersion ?? table.metadata?.resourceVersion;
  return { type, table, version: version === '' ? undefined : version };
}

function tableIn(object: ServerTable & KubeObject): ServerTable {
  if (object.kind === 'Table') return object;
  return { columnDefinitions: plainColumns, rows: [plainRow(object)] };
}
