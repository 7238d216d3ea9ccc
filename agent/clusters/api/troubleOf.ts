import { X509Certificate } from 'node:crypto';
import { HandrailError } from '../../protocol/errors';
import type { FoundContext } from '../contexts/foundContext';
import { ApiRefusal } from './apiRefusal';
import { ClusterSilent, ClusterUnusable, type Trouble } from './clusterUnusable';

/** What went wrong on the way to a cluster, in words; of a refusal what the server said. Undefined for a bug. */
export function troubleOf(error: unknown, context: FoundContext): Trouble | undefined {
  if (error instanceof ClusterUnusable) return error.trouble;
  if (error instanceof ClusterSilent) return silent(error, context);
  if (error instanceof ApiRefusal) return refused(error, context);
  if (error instanceof HandrailError) return undefined;
  const { code = '', message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  const at = addressOf(context);
  if (isTls(code, message)) return { trouble: 'tls', ...tlsWords(code, message, context) };
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        trouble: 'notThere',
        message: `${at}: no host of that name is known`,
        hint: 'Does it need a VPN, or has the cluster gone?',
      };
    case 'ECONNREFUSED':
      return { trouble: 'refused', message: `${at}: connection refused`, hint: 'Is the cluster running?' };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { trouble: 'silent', message: `${at} cannot be reached (${code})`, hint: 'Does it need a VPN?' };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
    case 'UND_ERR_SOCKET':
      return { trouble: 'other', message: `${at}: the connection was cut (${code})` };
    default:
      // What Node says of the system and of HTTP; anything else is a mistake of ours.
      return /^(E[A-Z]+|HPE_\w+)$/.test(code)
        ? { trouble: 'other', message: `${at}: ${message}` }
        : undefined;
  }
}

function silent({ message }: ClusterSilent, context: FoundContext): Trouble {
  return {
    trouble: 'silent',
    message: `${addressOf(context)} takes the connection and does not answer: ${message}`,
    hint: 'It is tried again by itself.',
  };
}

function refused({ status, message, retryAfter }: ApiRefusal, context: FoundContext): Trouble {
  const at = addressOf(context);
  const later = retryAfter !== undefined && { retryAfter };
  if (status === 401) return { trouble: 'login', ...loginWords(context) };
  if (status === 403) {
    return { trouble: 'forbidden', message, hint: 'Ask whoever runs the cluster for the right to do this.' };
  }
  if (status === 429 || status === 503)
    return { trouble: 'busy', message: `${at} is busy: ${message}`, ...later };
  if (status === 400 && /HTTP request to an HTTPS server/.test(message))
    return { trouble: 'tls', message: `${at} speaks TLS only`, hint: 'Write https:// in the kubeconfig.' };
  return { trouble: 'other', message: `${at}: ${message}`, ...later };
}

function loginWords(context: FoundContext): Omit<Trouble, 'trouble'> {
  const { userName, login, user, name, isExtra, file } = context;
  const message = `${addressOf(context)} does not accept the credentials of ${userName || 'nobody'} (401)`;
  const expired = login === 'certificate' ? expiryOf(user.certData) : undefined;
  if (expired !== undefined && expired < Date.now()) {
    const day = new Date(expired).toISOString().slice(0, 10);
    return { message: `${message}: the certificate expired on ${day}`, hint: 'Get a new kubeconfig.' };
  }
  const way = isExtra ? `--kubeconfig ${file} --context ${name}` : `--context ${name}`;
  return { message, hint: `Log in again, and see that this works: kubectl ${way} auth whoami` };
}

/** Until when a certificate is good; undefined where it cannot be read. */
function expiryOf(data: string | undefined): number | undefined {
  if (data === undefined) return undefined;
  try {
    return new X509Certificate(Buffer.from(data, 'base64')).validToDate.getTime();
  } catch {
    // The server has said already that it cannot be used.
    return undefined;
  }
}

function isTls(code: string, message: string): boolean {
  return (
    /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/.test(
      code,
    ) || /secure TLS connection|bad certificate|certificate required/.test(message)
  );
}

function tlsWords(code: string, message: string, context: FoundContext): Omit<Trouble, 'trouble'> {
  const { cluster, clusterName } = context;
  const at = addressOf(context);
  const says = cluster.caFile ?? `cluster ${clusterName} of ${context.file}`;
  if (code === 'CERT_HAS_EXPIRED')
    return {
      message: `${at}: the server's certificate has expired`,
      hint: 'Whoever runs the cluster renews it.',
    };
  if (code === 'CERT_NOT_YET_VALID')
    return {
      message: `${at}: the server's certificate is not good yet`,
      hint: 'Is the clock of this machine right?',
    };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = /altnames: (.*)$/.exec(message)?.[1];
    const hint =
      'Set tls-server-name in the kubeconfig to a name that it has, or use an address that it has.';
    return {
      message: `${at}: the certificate is of another name${names ? `: ${names.slice(0, 300)}` : ''}`,
      hint,
    };
  }
  if (/^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code))
    return {
      message: `${at}: the certificate is of an unknown authority (${code})`,
      hint: `Look at ${says}.`,
    };
  if (/wrong version number|packet length too long/.test(message))
    return { message: `${at} does not speak TLS`, hint: 'Is the port right?' };
  return { message: `${at}: ${message.split('\n')[0] ?? ''}`, hint: `Look at ${says}.` };
}

/** For a person: host and port. */
export function addressOf({ cluster, name }: Pick<FoundContext, 'cluster' | 'name'>): string {
  return URL.canParse(cluster.server) ? new URL(cluster.server).host : name;
}
