import type { IncomingMessage } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ProbeFailure } from './checkType';
import type { tlsOptions } from './tlsOptions';

/** An answer, with how long its phases took. Milliseconds. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly phases: Readonly<Record<'dns' | 'connect' | 'tls' | 'firstByte', number>>;
}

/** Bytes of a body that are kept; what comes after is not waited for. */
const longest = 1024 * 1024;

/** Sends one request over a connection of its own, so that the phases are those of a first visit. */
export async function httpAnswer({
  url,
  method,
  body,
  headers,
  tls,
  signal,
}: {
  readonly url: URL;
  readonly method: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ReturnType<typeof tlsOptions>;
  readonly signal: AbortSignal;
}): Promise<HttpAnswer> {
  const send = url.protocol === 'https:' ? https.request : http.request;
  const request = send(url, {
    method,
    signal,
    agent: false,
    headers: { 'user-agent': 'handrail', 'accept-encoding': 'gzip, br', accept: '*/*', ...headers },
    ...tls,
  });
  try {
    const phases = followPhases(request);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject).end(body);
    });
    const timed = phases();
    const text = await textOf(response, signal);
    return { status: response.statusCode ?? 0, headers: headersOf(response), text, phases: timed };
  } finally {
    request.destroy();
  }
}

function followPhases(request: http.ClientRequest): () => HttpAnswer['phases'] {
  const at = { begun: performance.now(), lookup: 0, connect: 0, secure: 0 };
  request.once('socket', socket => {
    socket.once('lookup', () => (at.lookup = performance.now()));
    socket.once('connect', () => (at.connect = performance.now()));
    (socket as TLSSocket).once('secureConnect', () => (at.secure = performance.now()));
  });
  return () => {
    // An address has no name to look up; a plain connection is not encrypted.
    const lookup = at.lookup || at.begun;
    const connect = at.connect || lookup;
    const secure = at.secure || connect;
    return {
      dns: lookup - at.begun,
      connect: connect - lookup,
      tls: secure - connect,
      firstByte: performance.now() - secure,
    };
  };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** The body decoded, up to the limit: neither an endless one nor a compressed one that grows for ever costs more. */
async function textOf(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const stream = decoded(response);
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of stream) {
      pieces.push(piece as Buffer);
      size += (piece as Buffer).length;
      if (size >= longest) break;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code.startsWith('Z_') || code.startsWith('ERR_')) {
      throw new ProbeFailure(`the answer is compressed, and broken: ${message}`, { cause: error });
    }
    throw error;
  }
  return Buffer.concat(pieces).subarray(0, longest).toString('utf8');
}

function decoded(response: IncomingMessage): Readable {
  const decoder = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }[response.headers['content-encoding'] ?? ''];
  if (decoder === undefined) return response;
  const stream = decoder();
  response.once('error', error => stream.destroy(error));
  response.once('aborted', () => stream.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
  return response.pipe(stream);
}
