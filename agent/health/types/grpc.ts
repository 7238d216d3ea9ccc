import { connect, constants, type ClientHttp2Session } from 'node:http2';
import * as z from 'zod';
import { checkType, ProbeFailure } from './checkType';
import { networkFailure } from './networkFailure';
import { PortAddress } from './portAddress';
import { TlsOptions, tlsOptions } from './tlsOptions';

const Options = z.strictObject({
  address: PortAddress,
  /** The service that is asked about; the whole server where there is none. */
  service: z
    .string()
    .regex(/^[\w./-]{0,127}$/, 'expected the name of a service like shop.v1.Orders')
    .default(''),
  /** Whether the connection is encrypted. */
  tls: z.boolean().default(false),
  ...TlsOptions,
});

/** The health of a gRPC server: https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
export const grpc = checkType({
  name: 'grpc',
  about: 'what a gRPC server says of its health (grpc.health.v1)',
  options: Options,
  values: {
    status: ['string', 'SERVING, NOT_SERVING, UNKNOWN, SERVICE_UNKNOWN'],
    code: ['int', "gRPC's own: 0 OK, 5 no such service, 12 it tells nothing of its health"],
  },
  up: 'status == "SERVING"',
  subject: ({ address, service }) => `${address.written}${service === '' ? '' : ` ${service}`}`,
  async probe({ address, service, tls, ...secure }, { signal, folder }) {
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    const url = `${tls ? 'https' : 'http'}://${host}:${address.port}`;
    const session = connect(url, tls ? tlsOptions(secure, folder) : {});
    try {
      const { body, code } = await ask(session, service, signal);
      const status = code === 5 ? 'SERVICE_UNKNOWN' : code === 0 ? statusIn(body) : 'UNKNOWN';
      return { status, code: BigInt(code) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw networkFailure(error, address.written);
    } finally {
      session.destroy();
    }
  },
});

const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** A message of gRPC: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
function ask(
  session: ClientHttp2Session,
  service: string,
  signal: AbortSignal,
): Promise<{ body: Buffer; code: number }> {
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let body = Buffer.alloc(0);
    let code: number | undefined;
    const takeCode = (headers: Readonly<Record<string, unknown>>): void => {
      if (headers['grpc-status'] !== undefined) code = Number(headers['grpc-status']);
    };
    stream.on('response', headers => {
      takeCode(headers);
      const status = headers[':status'];
      if (status !== 200) reject(new ProbeFailure(`the answer is not gRPC: HTTP status ${String(status)}`));
    });
    stream.on('trailers', takeCode);
    stream.on('data', (piece: Buffer) => (body = Buffer.concat([body, piece]).subarray(0, longest)));
    // Where the connection failed, the stream says only that it was cancelled.
    stream.once('error', (error: Error) => reject(error.cause instanceof Error ? error.cause : error));
    stream.once('close', () => {
      if (code === undefined) reject(new ProbeFailure('the answer is not gRPC: it has no status'));
      else resolve({ body, code });
    });
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    stream.end(message(service));
  });
}

/** Bytes; the answer has two. */
const longest = 1024;

/** Not compressed, its length, then field 1 as text. */
function message(service: string): Buffer {
  const text = Buffer.from(service);
  const field = text.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, text.length]), text]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(field.length, 1);
  return Buffer.concat([head, field]);
}

/** Field 1 as a number; a field that is not there is 0. */
function statusIn(body: Buffer): string {
  const at = body[5] === 0x08 ? (body[6] ?? 0) : 0;
  return statuses[at] ?? 'UNKNOWN';
}
