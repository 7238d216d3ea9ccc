import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { SecretFailure } from '../secretFailure';

export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** Bytes of an answer: what Kubernetes keeps in one Secret (1 MiB) in base64, and some. */
const longestAnswer = 2 * 1024 * 1024;

/** One GET. Follows nothing. Throws SecretFailure, in words, where there is no answer. */
export async function get(url: URL, options: RequestOptions, signal: AbortSignal): Promise<Answer> {
  try {
    return await exchange(url, options, signal);
  } catch (error) {
    if (error instanceof SecretFailure || signal.aborted) throw error;
    throw unreachable(url, error as NodeJS.ErrnoException);
  }
}

function exchange(url: URL, options: RequestOptions, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = url.protocol === 'http:' ? requestHttp : requestHttps;
  // A connection of its own: a run asks seldom, and a certificate may be another's next time.
  const sent = request(url, { agent: false, ...options, method: 'GET', signal }, response => {
    const parts: Buffer[] = [];
    let length = 0;
    response.on('data', (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length > longestAnswer) response.destroy(tooLong(url));
    });
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        location: response.headers.location,
        body: Buffer.concat(parts).toString(),
      }),
    );
  });
  sent.on('error', reject);
  sent.end();
  return promise;
}

function tooLong(url: URL): SecretFailure {
  const next = 'Look whether this is the right address.';
  return new SecretFailure('tooLong', `the answer of ${url.host} is longer than 2 MiB`, next);
}

function unreachable({ host, hostname, protocol }: URL, cause: NodeJS.ErrnoException): SecretFailure {
  const code = cause.code ?? 'connection broken';
  const [why, next] = /CERT|SELF_SIGNED|VERIFY|ISSUER/.test(code)
    ? [
        `the certificate of ${host} is not trusted (${code})`,
        'Name the CA that signed it in the configuration.',
      ]
    : code === 'ECONNREFUSED'
      ? [`${host} refuses connections`, 'Look whether it runs and whether the address is right.']
      : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? [`there is no host ${hostname}`, 'Look at the address, the network and the VPN.']
        : code === 'EPROTO' || code.startsWith('ERR_SSL')
          ? [`${host} does not speak ${protocol.slice(0, -1)}`, 'Look at the address: http or https.']
          : [`${host} gave no answer (${code})`, 'Look at the network and the VPN, then run again.'];
  return new SecretFailure('unreachable', why, next, { cause });
}
