import { setTimeout } from 'node:timers/promises';
import type Docker from 'dockerode';
import type * as z from 'zod';
import type { ImageLayer, RowKind } from '../../protocol/containers';
import type {
  ActionOutcome,
  composeDo as composeRequest,
  downloadFrom,
  ContainerLook,
  EngineAction,
  execIn,
  PruneKind,
  runImage as runRequest,
} from '../../protocol/containerActions';
import { HandrailError } from '../../protocol/errors';
import type { LogOf } from '../../protocol/logs';
import type { AuditLog } from '../../store/types';
import { act, engineSays } from '../actions/act';
import { ActionAudit } from '../../store/audit/actionAudit';
import { actionCommands, pruneCommand } from '../actions/actionCommands';
import { type Prunable, previewPrune, prune } from '../actions/prune';
import { pull } from '../actions/pull';
import { runImage } from '../actions/runImage';
import type { StreamSink, StreamSource } from '../../byteStream';
import { composeDo } from '../compose/composeDo';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';
import { openExec } from '../exec/openExec';
import { copyIn } from '../files/copyIn';
import { type Copied, copyOut } from '../files/copyOut';
import { listFiles } from '../files/listFiles';
import { readFileIn } from '../files/readFileIn';
import { LiveEngine } from '../live/liveEngine';
import type { Wanted } from '../logs/containerLog';
import { MergedLog } from '../logs/mergedLog';
import { StatsFeed } from '../stats/statsFeed';
import { EngineConnection } from './connection';
import { EngineUnusable } from './trouble';

type Of<M extends { params: z.ZodType }> = Omit<z.output<M['params']>, 'endpoint' | 'by'>;

/** Milliseconds that a log waits for the names of its containers. */
const mostOfList = 10_000;

/** All that can be asked of one engine and done to it. What the engine refuses rejects with HandrailError. */
export class Engine {
  readonly endpoint: FoundEndpoint;
  readonly connection: EngineConnection;
  readonly live: LiveEngine;
  readonly stats: StatsFeed;
  readonly #report: (error: unknown) => void;

  /** `report` gets bugs. */
  constructor(endpoint: FoundEndpoint, report: (error: unknown) => void) {
    this.endpoint = endpoint;
    this.#report = report;
    this.connection = new EngineConnection(endpoint);
    this.live = new LiveEngine(this.connection, report);
    this.stats = new StatsFeed(this.connection, report);
  }

  /** What a person calls it: its name where that is known. */
  nameOf(id: string): string {
    for (const kind of ['container', 'network', 'image'] as const) {
      const row = this.live.rows(kind).find(each => each.id === id);
      if (row === undefined) continue;
      return row.kind === 'image' ? (row.tags[0] ?? id.slice(0, 19)) : 'name' in row ? row.name : id;
    }
    return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
  }

  /** The logs of some containers, or of a compose project, as one; not told before it is run. */
  async log(of: LogOf, range: Wanted): Promise<MergedLog> {
    await this.connection.connect();
    const log = new MergedLog(this, { of, range }, this.#report);
    const limit = new AbortController();
    const late = setTimeout(mostOfList, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([log.listed, late]);
    limit.abort();
    return log;
  }

  /** Everything the engine tells of one thing. */
  inspect(kind: RowKind, id: string): Promise<Record<string, unknown>> {
    return this.use(async docker => (await objectOf(docker, kind, id).inspect()) as Record<string, unknown>);
  }

  /** The processes within a container. */
  async top(container: string): Promise<{ titles: string[]; processes: string[][] }> {
    const found = await this.use(docker => docker.getContainer(container).top() as Promise<Top>);
    return { titles: found.Titles ?? [], processes: found.Processes ?? [] };
  }

  /** The steps that made an image, the last one first. */
  async history(image: string): Promise<ImageLayer[]> {
    const found = await this.use(docker => docker.getImage(image).history() as Promise<Step[]>);
    return found.map(({ Created, CreatedBy, Size, Tags, Comment }) => ({
      createdAt: (Created ?? 0) * 1000,
      by: CreatedBy ?? '',
      size: Size ?? 0,
      tags: Tags ?? [],
      comment: Comment ?? '',
    }));
  }

  /** What is done by somebody goes into the log; `report` gets what could not be logged. */
  audit(log: AuditLog, by: string, report: (error: unknown) => void): ActionAudit {
    const { name, address } = this.endpoint;
    return new ActionAudit(log, { by, where: { endpoint: name, address }, report });
  }

  act(action: EngineAction, ids: readonly string[], audit: ActionAudit): Promise<ActionOutcome[]> {
    return act(this.connection, { action, ids, nameOf: id => this.nameOf(id) }, audit);
  }

  /** The same as commands. */
  commands(action: EngineAction | ContainerLook, ids: readonly string[]): string[] {
    return actionCommands(
      this.endpoint,
      action,
      ids.map(id => this.nameOf(id)),
    );
  }

  async previewPrune(kind: PruneKind): Promise<Prunable & { command: string }> {
    const preview = await this.use(docker => previewPrune(docker, kind));
    return { ...preview, command: pruneCommand(this.endpoint, kind, await this.#hasAll(kind)) };
  }

  prune(kind: PruneKind, audit: ActionAudit): Promise<{ count: number; bytes: number }> {
    return audit.around(
      'container.prune',
      kind,
      {},
      async () => {
        const all = await this.#hasAll(kind);
        return this.use(docker => prune(docker, kind, all));
      },
      ({ count, bytes }) => ({ outcome: 'done', count, bytes }),
    );
  }

  /** Pulls an image, logged in as whoever has this environment; its progress goes to the sink. */
  async pull(
    reference: string,
    env: Readonly<Record<string, string>>,
    sink: StreamSink,
    audit: ActionAudit,
  ): Promise<StreamSource> {
    const begun = Promise.withResolvers<StreamSource>();
    const all = audit.around('container.pull', reference, {}, async () => {
      const { source, ended } = await this.use(docker => pull(docker, reference, env, sink));
      begun.resolve(source);
      await ended;
    });
    // Once it has begun, the sink is told how it ends.
    all.catch((error: unknown) => begun.reject(error as Error));
    return begun.promise;
  }

  /** Makes and starts a container; gives its id. */
  run(wanted: Of<typeof runRequest>, audit: ActionAudit): Promise<string> {
    const details = {
      ...(wanted.name !== undefined && { name: wanted.name }),
      command: wanted.command.join(' '),
    };
    return audit.around(
      'container.run',
      wanted.image,
      details,
      () => this.use(docker => runImage(docker, wanted)),
      id => ({ outcome: 'done', id }),
    );
  }

  /** Starts a command in a container; its output goes to the sink. */
  async exec(
    wanted: Of<typeof execIn>,
    sink: StreamSink,
    audit: ActionAudit,
  ): Promise<{ source: StreamSource; command: string[] }> {
    const begun = Promise.withResolvers<{ source: StreamSource; command: string[] }>();
    const details = { id: wanted.container, command: wanted.command?.join(' ') ?? 'a shell' };
    const all = audit.around(
      'container.exec',
      this.nameOf(wanted.container),
      details,
      async () => {
        const { source, command, ended } = await this.use(docker => openExec(docker, wanted, sink));
        begun.resolve({ source, command });
        return ended;
      },
      ({ exit, message }) => ({
        outcome: 'ended',
        ...(exit !== undefined && { exit }),
        ...(message !== undefined && { message }),
      }),
    );
    all.catch((error: unknown) => begun.reject(error as Error));
    return begun.promise;
  }

  /** Runs a compose command on a project; what it says goes to the sink. */
  async compose(
    wanted: Of<typeof composeRequest>,
    sink: StreamSink,
    audit: ActionAudit,
  ): Promise<{ source: StreamSource; command: string }> {
    const begun = Promise.withResolvers<{ source: StreamSource; command: string }>();
    const services = wanted.services.join(' ');
    const all = audit.around(
      `compose.${wanted.do}`,
      wanted.project,
      { ...(services !== '' && { services }) },
      async () => {
        const { source, command, ended } = await this.use(docker =>
          composeDo(docker, this.endpoint, wanted, sink),
        );
        begun.resolve({ source, command });
        return ended;
      },
      ({ exit, message }) => ({
        outcome: exit === 0 ? 'done' : 'failed',
        ...(exit !== undefined && { exit }),
        ...(message !== undefined && { message }),
      }),
    );
    all.catch((error: unknown) => begun.reject(error as Error));
    return begun.promise;
  }

  /** The folders and files in a folder of a container. */
  listFiles(container: string, path: string): ReturnType<typeof listFiles> {
    return this.use(docker => listFiles(docker.getContainer(container), path));
  }

  /** The beginning of a file in a container. */
  readFile(container: string, path: string, maxBytes: number): ReturnType<typeof readFileIn> {
    return this.use(docker => readFileIn(docker.getContainer(container), path, maxBytes));
  }

  /** Copies a file or folder out of a container. */
  download(
    { container, path, to, replace }: Of<typeof downloadFrom>,
    audit: ActionAudit,
    signal: AbortSignal,
  ): Promise<Copied> {
    return audit.around(
      'container.download',
      this.nameOf(container),
      { path, to },
      () => this.use(docker => copyOut(docker.getContainer(container), path, to, { replace, signal })),
      copied => ({ outcome: 'done', ...copied }),
    );
  }

  /** Copies a file or folder into a folder of a container. */
  upload(
    { container, path, from }: { container: string; path: string; from: string },
    audit: ActionAudit,
    signal: AbortSignal,
  ): Promise<Copied> {
    return audit.around(
      'container.upload',
      this.nameOf(container),
      { path, from },
      () => this.use(docker => copyIn(docker.getContainer(container), path, from, { signal })),
      copied => ({ outcome: 'done', ...copied }),
    );
  }

  /** Does something with the engine; what it refuses is worded. */
  async use<T>(action: (docker: Docker) => Promise<T>): Promise<T> {
    try {
      return await this.connection.use(action);
    } catch (error) {
      if (error instanceof HandrailError || error instanceof EngineUnusable) throw error;
      if ((error as { statusCode?: unknown }).statusCode === undefined) throw error;
      const { status, said } = engineSays(error);
      const details = { endpoint: this.endpoint.id, status };
      throw new HandrailError(status === 404 ? 'notFound' : 'engine', said, details, { cause: error });
    }
  }

  close(): void {
    this.stats.close();
    this.live.close();
    this.connection.close();
  }

  /** From API 1.42 on, pruning volumes spares those with names unless told otherwise. */
  async #hasAll(kind: PruneKind): Promise<boolean> {
    if (kind !== 'volumes') return false;
    const { greeting } = await this.connection.connect();
    return Number(greeting.api.split('.')[1]) >= 42;
  }
}

/** https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Image/operation/ImageHistory */
interface Step {
  /** Seconds since 1970. */
  readonly Created?: number | null;
  readonly CreatedBy?: string | null;
  readonly Size?: number | null;
  readonly Tags?: string[] | null;
  readonly Comment?: string | null;
}

interface Top {
  readonly Titles?: string[] | null;
  readonly Processes?: string[][] | null;
}

function objectOf(docker: Docker, kind: RowKind, id: string): { inspect(): Promise<unknown> } {
  switch (kind) {
    case 'container':
      return docker.getContainer(id);
    case 'image':
      return docker.getImage(id);
    case 'volume':
      return docker.getVolume(id);
    case 'network':
      return docker.getNetwork(id);
  }
}
