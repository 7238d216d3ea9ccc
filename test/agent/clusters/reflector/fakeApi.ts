import type { ServerResponse } from 'node:http';
import { sendJson, startServer } from '../../../support/loopbackServer';
import { waitFor } from '../../../support/waitFor';

/** What an API server that misbehaves as told has been asked. */
export interface Asked {
  readonly url: URL;
  readonly response: ServerResponse;
}

/** An API server that answers lists of one kind by itself and leaves watches to the test. */
export interface FakeApi extends AsyncDisposable {
  readonly address: string;
  readonly lists: Asked[];
  readonly watches: Asked[];
  readonly versions: Asked[];
  /** Names that a list has. */
  names: string[];
  version: number;
  /** Answers in place of a list or a watch, where it is set; undefined: as usual. */
  refuse: ((what: 'list' | 'watch', response: ServerResponse) => boolean) | undefined;
  /** Whether it says which version it is. */
  isHung: boolean;
  watch(count: number): Promise<Asked>;
}

export async function startFakeApi(): Promise<FakeApi> {
  const state = { lists: [] as Asked[], watches: [] as Asked[], versions: [] as Asked[] };
  const server = await startServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const asked = { url, response };
    if (url.pathname === '/version') {
      state.versions.push(asked);
      if (!api.isHung) sendJson(response, 200, { gitVersion: 'v1.0.0' });
      return;
    }
    const what = url.searchParams.has('watch') ? 'watch' : 'list';
    (what === 'watch' ? state.watches : state.lists).push(asked);
    if (api.refuse?.(what, response) === true) return;
    if (what === 'list') return answerList(api, asked);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
  });
  const api: FakeApi = {
    ...state,
    address: server.address,
    names: ['a', 'b'],
    version: 10,
    refuse: undefined,
    isHung: false,
    watch: count => waitFor(`watch ${count}`, () => state.watches[count - 1], 30_000),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return api;
}

function answerList({ names, version }: FakeApi, { url, response }: Asked): void {
  const limit = Number(url.searchParams.get('limit'));
  const from = Number(url.searchParams.get('continue') ?? 0);
  const page = names.slice(from, from + limit);
  const next = from + limit < names.length ? { continue: String(from + limit) } : {};
  sendJson(response, 200, tableOf(page, version, next));
}

export function tableOf(names: readonly string[], version: number, more: object = {}): object {
  return {
    kind: 'Table',
    metadata: { resourceVersion: String(version), ...more },
    columnDefinitions: [{ name: 'Name', type: 'string', priority: 0 }],
    rows: names.map(name => ({
      cells: [name],
      object: { metadata: { name, uid: `uid-${name}`, namespace: 'x', resourceVersion: `1-${name}` } },
    })),
  };
}

/** A line of a watch. */
export function eventOf(type: string, name: string, version: number): string {
  const row = {
    cells: [name],
    object: { metadata: { name, uid: `uid-${name}`, resourceVersion: String(version) } },
  };
  return `${JSON.stringify({ type, object: { kind: 'Table', columnDefinitions: null, rows: [row] } })}\n`;
}

export function statusOf(code: number, reason: string, details: object = {}): object {
  return { kind: 'Status', code, reason, message: `said ${code}`, details };
}
