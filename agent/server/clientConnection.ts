import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import { HandrailError } from '../protocol/errors';
import { initialize, protocolVersion } from '../protocol/handshake';
import { runsChanged } from '../protocol/runs';
import type { Agent } from './agent';
import { ChangeQueue } from './changeQueue';
import type { Client, Tell } from './client';
import { ClientClusters } from './clusters/clientClusters';
import { ClientEngines } from './engines/clientEngines';
import { errorResponse, unknownMethod, wrongParams } from './errorResponse';
import { capabilities, checkProtocol, checkToken } from './handshake';
import { jsonRpcDecoder } from './jsonRpcDecoder';
import { MessageGate } from '../transport/messageGate';
import type { Wire } from '../transport/wire';
import { replyEncoder } from './replyEncoder';
import { noticeTable } from './notifications';
import { requestTable } from './requests';
import type { Route } from './route';
import { ClientHealth } from './clientHealth';
import { ClientLogs } from './logs';
import { ClientStreams } from './streams';

/** Requests of one client that are answered at the same time; bounds what a client that never reads can hold. */
const mostAtOnce = 8;
/** Bytes that wait to be sent to one client, from which on what can be missed is not sent. */
const slow = 1024 * 1024;

/** One client, from its first byte until the wire closes. Whatever it sends ends this connection at most. */
export class ClientConnection {
  /** Settles with the reason once nothing goes over the wire any more; never rejects. */
  readonly closed: Promise<string>;
  readonly #agent: Agent;
  readonly #wire: Wire;
  readonly #token: string | undefined;
  readonly #gate = new MessageGate();
  readonly #rpc: MessageConnection;
  readonly #changes: ChangeQueue;
  readonly #engines: ClientEngines;
  readonly #clusters: ClientClusters;
  readonly #streams: ClientStreams;
  readonly #logs: ClientLogs;
  readonly #health: ClientHealth;
  readonly #deadline: NodeJS.Timeout;
  #settleClosed: (reason: string) => void = () => undefined;
  #client: Client | undefined;
  #closing: string | undefined;
  #isClosed = false;
  readonly #gone = new AbortController();

  /** @param deadline milliseconds until the handshake must be done. */
  constructor(agent: Agent, wire: Wire, token: string | undefined, deadline: number) {
    this.#agent = agent;
    this.#wire = wire;
    this.#token = token;
    this.closed = new Promise(resolve => (this.#settleClosed = resolve));
    this.#changes = new ChangeQueue(
      changes => this.#tell(runsChanged, changes),
      () => this.close('takes nothing'),
    );
    this.#engines = new ClientEngines(() => agent.containers(), this.#tell);
    this.#clusters = new ClientClusters(() => agent.clusters(), this.#tell);
    this.#streams = new ClientStreams(this.#tell);
    this.#logs = new ClientLogs(this.#tell);
    this.#health = new ClientHealth(() => agent.health(), this.#tell, this.#isSlow);
    this.#rpc = this.#createRpc();
    this.#deadline = setTimeout(() => this.close('no handshake in time'), deadline);
    this.#watchWire();
    this.#rpc.listen();
  }

  readonly #tell: Tell = ({ method }, params) => {
    if (this.#isClosed) return;
    this.#rpc
      .sendNotification(method, params)
      .catch((error: unknown) => this.close((error as Error).message));
  };

  readonly #isSlow = (): boolean => this.#wire.output.writableLength > slow;

  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#gone.abort(new Error(reason));
    clearTimeout(this.#deadline);
    this.#agent.feed.remove(this.#changes);
    this.#engines.close();
    this.#clusters.close();
    this.#streams.close();
    this.#logs.closeAll();
    this.#health.close();
    this.#rpc.dispose();
    this.#gate.destroy();
    this.#wire.destroy();
    const { id, kind, pid } = this.#client ?? {};
    this.#agent.log.info('Client gone', { id, kind, pid, reason });
    this.#settleClosed(reason);
  }

  /** Closes once what the client asked up to now is answered, or half a second later. */
  finish(reason: string): void {
    this.#closing = reason;
    if (this.#gate.pending === 0) this.close(reason);
    else setTimeout(() => this.close(reason), 500).unref();
  }

  #createRpc(): MessageConnection {
    const reader = new StreamMessageReader(this.#gate, { contentTypeDecoder: jsonRpcDecoder });
    // Its timer would tell every 10 s that a message is not complete; nobody wants to know.
    reader.partialMessageTimeout = 0;
    const warn = (text: string): void =>
      this.#agent.log.warn('From the connection', { text: text.slice(0, 200) });
    const quiet = { error: warn, warn, info: () => undefined, log: () => undefined };
    const writer = new StreamMessageWriter(this.#wire.output, {
      contentTypeEncoder: replyEncoder(this.#agent.log),
    });
    const rpc = createMessageConnection(reader, writer, quiet, {
      maxParallelism: mostAtOnce,
      // Every message goes through handleMessage, also a request that is cancelled before its turn.
      connectionStrategy: { cancelUndispatched: () => undefined },
      messageStrategy: {
        handleMessage: (message, next) => Promise.resolve(next(message)).finally(() => this.#afterMessage()),
      },
    });
    rpc.onRequest((method: string, params: unknown, token: CancellationToken) =>
      this.#answer(method, params, token),
    );
    rpc.onNotification((method: string, params: unknown) => this.#note(method, params));
    rpc.onError(([error]) => this.close(error.message));
    rpc.onClose(() => this.close('closed'));
    return rpc;
  }

  #watchWire(): void {
    const { input, output } = this.#wire;
    this.#gate.on('error', error => this.close(error.message));
    input.on('error', error => this.close(error.message));
    input.on('end', () => this.close('closed'));
    input.on('close', () => this.close('closed'));
    if (output !== (input as unknown)) output.on('error', error => this.close(error.message));
    input.pipe(this.#gate);
  }

  #afterMessage(): void {
    this.#gate.settle();
    if (this.#closing !== undefined && this.#gate.pending === 0) this.close(this.#closing);
  }

  async #answer(method: string, params: unknown, token: CancellationToken): Promise<unknown> {
    const withdrawn = new AbortController();
    const listening = token.onCancellationRequested(() => withdrawn.abort(new Error('withdrawn')));
    const { signal } = this.#gone;
    try {
      if (this.#client === undefined) return this.#greet(method, params);
      const route = requestTable.get(method);
      if (route === undefined) throw unknownMethod(method);
      checkAccess(route, this.#client);
      const parsed = route.params.safeParse(params ?? {});
      if (!parsed.success) throw wrongParams(method, parsed.error);
      const either = AbortSignal.any([withdrawn.signal, signal]);
      return await route.answer(parsed.data, this.#agent, this.#client, either);
    } catch (error) {
      throw errorResponse(error, method, this.#agent.log);
    } finally {
      listening.dispose();
    }
  }

  #greet(method: string, params: unknown): unknown {
    // Until the greeting is done, whatever goes wrong is the last that happens here.
    this.#closing = 'no valid handshake';
    if (method !== initialize.method) {
      throw new HandrailError('unauthenticated', 'The first message must be the handshake', { method });
    }
    const parsed = initialize.params.safeParse(params);
    if (!parsed.success) throw wrongParams(method, parsed.error);
    checkToken(parsed.data, this.#token);
    const { client, protocol, trusted } = parsed.data;
    clearTimeout(this.#deadline);
    this.#client = {
      ...client,
      trusted,
      compatible: protocol === protocolVersion,
      changes: this.#changes,
      engines: this.#engines,
      clusters: this.#clusters,
      streams: this.#streams,
      logs: this.#logs,
      health: this.#health,
      isSlow: this.#isSlow,
    };
    this.#agent.feed.add(this.#changes);
    this.#closing = undefined;
    this.#gate.open();
    this.#agent.log.info('Client connected', { ...client, trusted, version: parsed.data.version });
    checkProtocol(parsed.data, this.#agent.version);
    return { protocol, version: this.#agent.version, pid: process.pid, capabilities: [...capabilities] };
  }

  #note(method: string, params: unknown): void {
    const client = this.#client;
    if (client === undefined) return void (this.#closing = 'no handshake');
    const notice = noticeTable.get(method);
    if (notice === undefined) {
      this.#agent.log.warn('Unknown notification', { method: method.slice(0, 100) });
      return;
    }
    const parsed = notice.params.safeParse(params ?? {});
    if (parsed.success) notice.take(parsed.data, client, this.#agent);
    else this.close('malformed notification');
  }
}

function checkAccess(route: Route, client: Client): void {
  if (!client.compatible && route.access !== 'any') {
    throw new HandrailError('incompatible', 'Client and agent speak different versions of the protocol');
  }
  if (route.access === 'trusted' && !client.trusted) {
    throw new HandrailError('untrusted', 'The workspace is not trusted, so nothing is done for it', {
      method: route.method,
    });
  }
}
