import { type Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { productVersion } from '../../version';
import type { FoundContext } from '../contexts/foundContext';
import { refusalOf, ApiRefusal } from './apiRefusal';
import { ClusterSilent, ClusterUnusable, type Trouble } from './clusterUnusable';
import type { Credential } from './credential';
import { Credentials } from './credentials';
import { isLoopback, mostFree, openAgent, tlsOptions } from './openAgent';
import { Slots } from './slots';
import { troubleOf } from './troubleOf';

/** A request to an API server. */
export interface Ask {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly text: string };
  readonly signal?: AbortSignal;
  /** Milliseconds until the answer begins, and between two pieces of it (15,000). */
  readonly deadline?: number;
}

const usualDeadline = 15_000;
/** Bytes of one answer that is read whole. */
const longest = 64 * 2 ** 20;
/** Requests at the same time, watches not counted. */
const mostAtOnce = 12;

/** The way to one cluster as one user: its connections, credentials, deadlines, and what went wrong in words. */
export class ClusterApi {
  readonly context: FoundContext;
  readonly credentials: Credentials;
  readonly #slots = new Slots(mostAtOnce);
  #agent: { of: Pick<Credential, 'cert' | 'key'>; agent: Promise<Agent> } | undefined;

  /** `waitsFor` is told what is waited for before a request can be sent. */
  constructor(context: FoundContext, waitsFor: (what: string | undefined) => void = () => undefined) {
    this.context = context;
    this.credentials = new Credentials(context, waitsFor);
  }

  /** Asks and reads the answer as JSON. Throws ApiRefusal, ClusterUnusable, or the signal's reason. */
  async json<T>(ask: Ask): Promise<T> {
    const text = await this.text(ask);
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      const message = `${this.context.cluster.server} answered with something that is no JSON`;
      const hint = 'Is this the address of a Kubernetes API server?';
      throw new ClusterUnusable(this.context, { trouble: 'version', message, hint }, cause);
    }
  }

  /** Asks and reads the answer, at most 64 MiB. */
  text(ask: Ask): Promise<string> {
    return this.#slots.run(async () => {
      try {
        const response = await this.#answered(ask, true);
        return await this.#whole(response, ask);
      } catch (error) {
        throw this.worded(error);
      }
    }, ask.signal);
  }

  /** Asks for an answer that comes in pieces without end; the deadline is for its beginning. */
  async stream(ask: Ask): Promise<IncomingMessage> {
    try {
      return await this.#answered(ask, false);
    } catch (error) {
      throw this.worded(error);
    }
  }

  /** What it takes to open a connection of another kind (WebSocket) to the same server as the same user. */
  async dial(): Promise<{ url: URL; options: RequestOptions }> {
    try {
      const credential = await this.credentials.get();
      const agent = await this.#agentOf(credential);
      const headers = { ...credential.headers } as RequestOptions['headers'];
      const options = { agent, ...tlsOptions(this.context, credential), ...(headers && { headers }) };
      return { url: new URL(this.context.cluster.server), options };
    } catch (error) {
      throw this.worded(error);
    }
  }

  /** The same error with words for a person where it is about the way to the cluster; refusals stay. */
  worded(error: unknown): unknown {
    if (error instanceof ApiRefusal || error instanceof ClusterUnusable) return error;
    if (error instanceof Error && error.name === 'AbortError') return error;
    const trouble = troubleOf(error, this.context);
    return trouble === undefined ? error : new ClusterUnusable(this.context, trouble, error);
  }

  /** Why an error keeps the cluster, or part of it, from use; undefined for a bug. */
  troubleOf(error: unknown): Trouble | undefined {
    return troubleOf(error, this.context);
  }

  /** Ends all connections. They are opened again when needed. */
  close(): void {
    const agent = this.#agent?.agent;
    this.#agent = undefined;
    agent?.then(
      each => each.destroy(),
      () => undefined,
    );
  }

  /** The beginning of an answer that is no refusal. What was refused for its credential is asked once more. */
  async #answered(ask: Ask, isWhole: boolean): Promise<IncomingMessage> {
    for (let tries = 1; ; tries++) {
      const credential = await this.credentials.get();
      ask.signal?.throwIfAborted();
      const response = await this.#send(ask, credential, isWhole);
      const { statusCode = 0, headers } = response;
      if (statusCode < 300) return response;
      const refusal = refusalOf(statusCode, await this.#whole(response, ask), headers);
      if (statusCode === 401 && tries === 1 && this.credentials.refuse(credential)) continue;
      throw refusal;
    }
  }

  async #send(ask: Ask, credential: Credential, isWhole: boolean): Promise<IncomingMessage> {
    const options = this.#optionsOf(ask, credential, isWhole);
    const agent = await this.#agentOf(credential);
    for (let tries = 0; ; tries++) {
      try {
        return await this.#once(ask, { ...options, agent });
      } catch (error) {
        const isReused = (error as { isReused?: boolean }).isReused === true;
        const isRepeatable = (ask.method ?? 'GET') === 'GET' && tries < mostFree;
        // The server closed connections that were kept, and that was not noticed yet.
        if (!isReused || !isRepeatable || ask.signal?.aborted === true) throw error;
      }
    }
  }

  #once(ask: Ask, options: RequestOptions): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const send = options.protocol === 'http:' ? requestHttp : requestHttps;
    const { deadline = usualDeadline, signal } = ask;
    const request = send({ ...options, ...(signal && { signal }) });
    const what = `${ask.method ?? 'GET'} ${ask.path}`;
    const timer = setTimeout(() => request.destroy(new ClusterSilent(what, deadline)), deadline);
    request.on('response', response => {
      clearTimeout(timer);
      resolve(response);
    });
    request.on('error', error => {
      clearTimeout(timer);
      const isReset = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      reject(Object.assign(error, { isReused: isReset && request.reusedSocket }));
    });
    request.end(ask.body?.text);
    return promise;
  }

  #optionsOf(ask: Ask, credential: Credential, isWhole: boolean): RequestOptions {
    const base = new URL(this.context.cluster.server);
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(ask.query ?? {}))
      if (value !== undefined) query.set(name, String(value));
    const search = query.size === 0 ? '' : `?${query.toString()}`;
    // To pack and unpack takes longer than to send it to oneself.
    const packed = isWhole && !isLoopback(base.hostname) && { 'Accept-Encoding': 'gzip' };
    return {
      protocol: base.protocol,
      hostname: base.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: base.port,
      path: `${base.pathname.replace(/\/$/, '')}${ask.path}${search}`,
      method: ask.method ?? 'GET',
      headers: {
        ...(credential.headers as Record<string, string>),
        Accept: ask.accept ?? 'application/json',
        'User-Agent': `handrail/${productVersion}`,
        ...packed,
        ...(ask.body && {
          'Content-Type': ask.body.type,
          'Content-Length': Buffer.byteLength(ask.body.text),
        }),
      },
    };
  }

  #agentOf(credential: Credential): Promise<Agent> {
    const { cert, key } = credential;
    const known = this.#agent;
    const isSame = (a?: string | Buffer, b?: string | Buffer): boolean => String(a ?? '') === String(b ?? '');
    if (known !== undefined && isSame(known.of.cert, cert) && isSame(known.of.key, key)) return known.agent;
    const of = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
    const agent = openAgent(this.context, credential);
    this.#agent = { of, agent };
    agent.catch(() => this.#agent?.agent === agent && (this.#agent = undefined));
    return agent;
  }

  async #whole(response: IncomingMessage, ask: Ask): Promise<string> {
    const parts: Buffer[] = [];
    let size = 0;
    const { deadline = usualDeadline } = ask;
    const silent = new ClusterSilent(`${ask.method ?? 'GET'} ${ask.path}`, deadline);
    let timer = setTimeout(() => response.destroy(silent), deadline);
    try {
      for await (const part of response as AsyncIterable<Buffer>) {
        parts.push(part);
        size += part.length;
        if (size > longest) throw new Error(`The answer to ${ask.path} has more than 64 MiB`);
        clearTimeout(timer);
        timer = setTimeout(() => response.destroy(silent), deadline);
      }
    } finally {
      clearTimeout(timer);
    }
    const whole = Buffer.concat(parts);
    const isPacked = response.headers['content-encoding'] === 'gzip';
    return (isPacked ? await unpack(whole, { maxOutputLength: 4 * longest }) : whole).toString();
  }
}

const unpack = promisify(gunzip) as (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
