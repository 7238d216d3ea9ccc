import type * as z from 'zod';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { HandrailError } from '../protocol/errors';
import type { NotificationType, ParamsOf, RequestType } from '../protocol/message';
import { ackChanges, runsChanged } from '../protocol/runs';
import { MessageGate } from '../transport/messageGate';
import type { Wire } from '../transport/wire';
import { fromResponse } from './fromResponse';

/** A connection to an agent that has passed the handshake. */
export interface AgentConnection {
  /**
   * Sends a request. An aborted `signal` withdraws it and rejects with the signal's reason.
   *
   * @throws HandrailError as the agent answered; `unavailable` when the connection closes or nothing comes within
   * 30 seconds, or what the request allows; `incompatible` where the answer is not what the protocol says.
   */
  request<P extends z.ZodType, R extends z.ZodType>(
    type: RequestType<P, R>,
    params: ParamsOf<RequestType<P, R>>,
    signal?: AbortSignal,
  ): Promise<z.output<R>>;
  /** Sends a notification; on a closed connection nothing happens. */
  notify<P extends z.ZodType>(type: NotificationType<P>, params: z.input<P>): void;
  /** Listens. Changes of runs are acknowledged once all handlers, promises included, are done with them. */
  on<P extends z.ZodType>(
    type: NotificationType<P>,
    handler: (params: z.output<P>) => void | Promise<void>,
  ): { dispose(): void };
  readonly agent: { readonly pid: number; readonly version: string };
  /** Settles when the connection is gone, for whatever reason; never rejects. */
  readonly closed: Promise<{ reason: string }>;
  dispose(): void;
}

type Handler = (params: unknown) => void | Promise<void>;

/** Milliseconds that an answer may take. */
const answerDeadline = 30_000;

/** A connection before its handshake; {@link AgentConnection} but for who the agent is. */
export class Link {
  readonly closed: Promise<{ reason: string }>;
  readonly #wire: Wire;
  readonly #gate = new MessageGate();
  readonly #rpc: MessageConnection;
  readonly #handlers = new Map<string, Set<Handler>>();
  #settleClosed: (closed: { reason: string }) => void = () => undefined;
  #closedBy: string | undefined;
  #hasEnded = false;

  constructor(wire: Wire) {
    this.#wire = wire;
    this.closed = new Promise(resolve => (this.#settleClosed = resolve));
    const reader = new StreamMessageReader(this.#gate);
    reader.partialMessageTimeout = 0;
    const silent = { error: ignore, warn: ignore, info: ignore, log: ignore };
    this.#rpc = createMessageConnection(reader, new StreamMessageWriter(wire.output), silent, {
      messageStrategy: {
        handleMessage: (message, next) => Promise.resolve(next(message)).finally(() => this.#afterMessage()),
      },
    });
    this.#rpc.onError(([error]) => this.#close(error.message));
    this.#rpc.onClose(() => this.#end());
    this.#rpc.onNotification((method: string, params: unknown) => void this.#deliver(method, params));
    this.#gate.on('end', () => this.#end());
    this.#gate.on('error', error => this.#close(error.message));
    wire.input.on('error', error => this.#close(error.message));
    wire.output.on('error', error => this.#close(error.message));
    this.#gate.open();
    wire.input.pipe(this.#gate);
    this.#rpc.listen();
  }

  async request<P extends z.ZodType, R extends z.ZodType>(
    type: RequestType<P, R>,
    params: z.input<P>,
    signal?: AbortSignal,
  ): Promise<z.output<R>> {
    signal?.throwIfAborted();
    if (this.#closedBy !== undefined) throw gone(type.method, this.#closedBy);
    const source = new CancellationTokenSource();
    const limit = Promise.withResolvers<never>();
    const withdraw = (reason: unknown): void => {
      source.cancel();
      limit.reject(reason);
    };
    const deadline = type.answerMs ?? answerDeadline;
    const timer = setTimeout(() => withdraw(late(type.method, deadline)), deadline);
    const onAbort = (): void => withdraw(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = this.#rpc.sendRequest<unknown>(type.method, params, source.token);
      return checkedResult(type, await Promise.race([answer, limit.promise]));
    } catch (error) {
      if (this.#closedBy !== undefined) throw gone(type.method, this.#closedBy, error);
      throw fromResponse(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  notify<P extends z.ZodType>(type: NotificationType<P>, params: z.input<P>): void {
    if (this.#closedBy !== undefined) return;
    this.#rpc
      .sendNotification(type.method, params)
      .catch((error: unknown) => this.#close((error as Error).message));
  }

  on<P extends z.ZodType>(
    type: NotificationType<P>,
    handler: (params: z.output<P>) => void | Promise<void>,
  ): { dispose(): void } {
    const handlers = this.#handlers.get(type.method) ?? new Set();
    this.#handlers.set(type.method, handlers);
    const own: Handler = params => {
      const parsed = type.params.safeParse(params);
      return parsed.success ? handler(parsed.data) : this.#close(`malformed ${type.method}`);
    };
    handlers.add(own);
    return { dispose: () => void handlers.delete(own) };
  }

  dispose(): void {
    this.#close('disposed');
  }

  /** A handler that fails is its owner's bug, and shows as a rejection that nobody handles. */
  async #deliver(method: string, params: unknown): Promise<void> {
    const handlers = [...(this.#handlers.get(method) ?? [])];
    try {
      await Promise.all(handlers.map(async handler => handler(params)));
    } finally {
      // Also after a handler has failed: otherwise nothing would ever come again.
      if (method === runsChanged.method) this.notify(ackChanges, { number: (params as Numbered).number });
    }
  }

  /** The agent hung up. What it said last is still taken: an answer and the end may come in one breath. */
  #end(): void {
    this.#hasEnded = true;
    if (this.#gate.pending === 0) this.#close('closed by the agent');
  }

  #afterMessage(): void {
    this.#gate.settle();
    if (this.#hasEnded) this.#end();
  }

  #close(reason: string): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = reason;
    // Rejects what is pending; without it such requests would wait for ever.
    this.#rpc.dispose();
    this.#gate.destroy();
    this.#wire.destroy();
    this.#settleClosed({ reason });
  }
}

/** What an agent adds in a later version is left out: https://zod.dev/api#objects */
function checkedResult<P extends z.ZodType, R extends z.ZodType>(
  { method, result }: RequestType<P, R>,
  answer: unknown,
): z.output<R> {
  const parsed = result.safeParse(answer);
  if (parsed.success) return parsed.data;
  const message = `The agent’s answer to ${method} is not what the protocol says`;
  const details = { reason: 'result', method };
  throw new HandrailError('incompatible', message, details, { cause: parsed.error });
}

interface Numbered {
  readonly number: number;
}

function gone(method: string, reason: string, cause?: unknown): HandrailError {
  const details = { reason: 'closed', method, why: reason };
  return new HandrailError('unavailable', `The connection to the agent is gone: ${reason}`, details, {
    cause,
  });
}

function late(method: string, deadline: number): HandrailError {
  const details = { reason: 'deadline', method };
  return new HandrailError(
    'unavailable',
    `The agent did not answer ${method} in ${deadline / 1000} seconds`,
    details,
  );
}

function ignore(): void {
  // What the connection would say here it also tells by its events.
}
