import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { sendJson } from '../loopbackServer';
import type { Started } from '../realSystem';
import { temporaryFolder } from '../temporaryFolder';
import { type EngineEvent, type ListedContainer, readRecording, type Recording } from './recording';

/** Answers as a real dockerd did, of as many containers as one likes. For measuring; it has only GET. */
export interface FakeEngine extends Started {
  /** `unix://` and {@link socket}. */
  readonly address: string;
  readonly socket: string;
  /** Ids of the containers; in the list each is named `NAME-NUMBER`, twenty to a compose project. */
  readonly ids: readonly string[];
  /** Paths asked for so far, without version and query, each as often as it was asked for. */
  readonly requests: readonly string[];
  /** How many read the events now. */
  readonly listeners: number;
  /** Changes a container's state as the action does and tells who reads the events. Gives when, in ms since 1970. */
  tell(action: FakeAction, id: string): number;
}

export type FakeAction = 'start' | 'die' | 'pause' | 'unpause' | 'destroy' | 'health_status: healthy';

/** State and words in the list after an action. */
const effects: Readonly<Record<FakeAction, Partial<ListedContainer> | undefined>> = {
  start: { State: 'running', Status: 'Up Less than a second' },
  die: { State: 'exited', Status: 'Exited (0) Less than a second ago' },
  pause: { State: 'paused', Status: 'Up 2 minutes (Paused)' },
  unpause: { State: 'running', Status: 'Up 2 minutes' },
  'health_status: healthy': { State: 'running', Status: 'Up 2 minutes (healthy)' },
  destroy: undefined,
};

export async function startFakeEngine(containers = 1000): Promise<FakeEngine> {
  const folder = await temporaryFolder('handrail-fake');
  const socket = join(folder.path, 'docker.sock');
  const recording = await readRecording();
  const world = new World(recording, containers);
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://engine');
    const path = url.pathname.replace(/^\/v\d+\.\d+(?=\/)/, '');
    requests.push(path);
    world.answer(path, url.searchParams, response);
  });
  await new Promise<void>(resolve => server.listen(socket, resolve));
  return {
    address: `unix://${socket}`,
    socket,
    ids: [...world.containers.keys()],
    requests,
    get listeners() {
      return world.listeners.size;
    },
    tell: (action, id) => world.tell(action, id),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

class World {
  readonly containers: Map<string, ListedContainer>;
  readonly listeners = new Set<ServerResponse>();
  readonly #recording: Recording;
  /** Of all containers, kept because a bare client asks for it over and over. */
  #list: string | undefined;

  constructor(recording: Recording, count: number) {
    this.#recording = recording;
    const all = Array.from({ length: count }, (_, index) => numbered(recording.containers, index));
    this.containers = new Map(all.map(container => [container.Id, container]));
  }

  answer(path: string, query: URLSearchParams, response: ServerResponse): void {
    const { version, info, images, volumes, networks } = this.#recording;
    const fixed: Record<string, unknown> = {
      '/version': version,
      '/info': { ...info, Containers: this.containers.size },
      '/images/json': images,
      '/volumes': volumes,
      '/networks': networks,
    };
    const [, id, what] = /^\/containers\/([0-9a-f]{12,64})\/(json|stats)$/.exec(path) ?? [];
    if (path === '/_ping') this.#ping(response);
    else if (path === '/events') this.#listen(response);
    else if (path === '/containers/json') this.#answerList(query, response);
    else if (Object.hasOwn(fixed, path)) sendJson(response, 200, fixed[path]);
    else if (id && this.containers.has(id)) this.#answerOne(id, what!, query, response);
    else sendJson(response, 404, { message: `No such page or container: ${path}` });
  }

  tell(action: FakeAction, id: string): number {
    const container = this.containers.get(id);
    const template = this.#recording.events.find(({ Action }) => Action === action);
    if (!container || !template) throw new Error(`There is no container ${id}, or no recorded "${action}".`);
    if (effects[action]) this.containers.set(id, { ...container, ...effects[action] });
    else this.containers.delete(id);
    this.#list = undefined;
    const now = Date.now();
    const line = `${JSON.stringify(eventOf(template, container, now))}\n`;
    for (const listener of this.listeners) listener.write(line);
    return now;
  }

  #ping(response: ServerResponse): void {
    const api = String(this.#recording.version['ApiVersion']);
    response.writeHead(200, { 'Api-Version': api, Ostype: 'linux', 'Content-Type': 'text/plain' }).end('OK');
  }

  #listen(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
    this.listeners.add(response);
    response.once('close', () => this.listeners.delete(response));
  }

  #answerList(query: URLSearchParams, response: ServerResponse): void {
    const all = ['1', 'true'].includes(query.get('all') ?? '');
    const { id: wanted, ...others } = readFilters(query.get('filters'));
    if (Object.keys(others).length > 0)
      return sendJson(response, 400, { message: 'The fake filters by id only.' });
    if (all && !wanted) this.#list ??= JSON.stringify([...this.containers.values()]);
    const chosen = [...this.containers.values()].filter(
      ({ Id, State }) => (all || State === 'running' || State === 'paused') && (wanted?.includes(Id) ?? true),
    );
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(all && !wanted ? this.#list : JSON.stringify(chosen));
  }

  #answerOne(id: string, what: string, query: URLSearchParams, response: ServerResponse): void {
    const container = this.containers.get(id)!;
    const index = this.#recording.containers.findIndex(({ Names }) =>
      container.Names[0]!.startsWith(`${Names[0]}-`),
    );
    const state = { ...(this.#recording.inspected[index]!['State'] as object), Status: container.State };
    const found = { ...this.#recording.inspected[index], Id: id, Name: container.Names[0], State: state };
    if (what === 'json') return sendJson(response, 200, found);
    const sample = () => JSON.stringify({ ...this.#recording.stats, id, name: found.Name, read: new Date() });
    if (['0', 'false'].includes(query.get('stream') ?? '')) return void response.end(sample());
    response.writeHead(200, { 'Content-Type': 'application/json' }).write(`${sample()}\n`);
    const timer = setInterval(() => response.write(`${sample()}\n`), 1000);
    response.once('close', () => clearInterval(timer));
  }
}

function numbered(recorded: readonly ListedContainer[], index: number): ListedContainer {
  const { Names, Labels, ...rest } = recorded[index % recorded.length]!;
  return {
    ...rest,
    Id: createHash('sha256').update(`container ${index}`).digest('hex'),
    Names: [`${Names[0]}-${index}`],
    Labels: { ...Labels, 'com.docker.compose.project': `project-${Math.floor(index / 20)}` },
  };
}

function eventOf(template: EngineEvent, { Id, Names, Labels }: ListedContainer, now: number): EngineEvent {
  const Attributes = { ...template.Actor.Attributes, ...Labels, name: Names[0]!.slice(1) };
  return {
    ...template,
    id: Id,
    Actor: { ID: Id, Attributes },
    time: Math.floor(now / 1000),
    timeNano: now * 1e6,
  };
}

/** `{"id":["…"]}`, or as older clients write it `{"id":{"…":true}}`. */
function readFilters(text: string | null): Record<string, string[]> {
  const filters = JSON.parse(text ?? '{}') as Record<string, string[] | Record<string, boolean>>;
  return Object.fromEntries(
    Object.entries(filters).map(([name, value]) => [name, Array.isArray(value) ? value : Object.keys(value)]),
  );
}
