import { userInfo } from 'node:os';
import type { EndpointTrouble } from '../../protocol/endpoints';
import { HandrailError } from '../../protocol/errors';
import { socketPath } from '../endpoints/addresses';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';
import { droppedVersion } from './apiVersions';
import { EngineSilent } from './deadlines';
import { SshFailure } from './sshConnection';

/** Why an engine cannot be used, and what a person can do. */
export interface Trouble {
  readonly trouble: EndpointTrouble;
  readonly message: string;
  readonly hint?: string;
}

/** An engine that cannot be reached. */
export class EngineUnusable extends HandrailError {
  readonly trouble: Trouble;

  constructor(endpoint: FoundEndpoint, trouble: Trouble, cause?: unknown) {
    const { hint } = trouble;
    const details = { endpoint: endpoint.id, trouble: trouble.trouble, ...(hint !== undefined && { hint }) };
    super('engine', trouble.message, details, { cause });
    this.trouble = trouble;
  }
}

/** What went wrong on the way to an engine, or undefined where the engine itself gave an answer. */
export function troubleOf(error: unknown, endpoint: FoundEndpoint): Trouble | undefined {
  if (error instanceof EngineUnusable) return error.trouble;
  if (error instanceof EngineSilent) return { trouble: 'silent', ...silentWords(error, endpoint) };
  if (error instanceof SshFailure) return sshTrouble(error, endpoint);
  const { statusCode, code = '', message = '' } = error as NodeJS.ErrnoException & { statusCode?: number };
  if (/HTTP request to an HTTPS server/.test(message)) return { trouble: 'tls', ...plainWords(endpoint) };
  if (statusCode !== undefined) return droppedVersion(statusCode, message);
  if (isTls(code, message)) return { trouble: 'tls', ...tlsWords(message, endpoint) };
  return byCode(code, message, endpoint);
}

function byCode(code: string, message: string, endpoint: FoundEndpoint): Trouble {
  const at = endpoint.address;
  const isSocket = socketPath(at) !== undefined;
  const begin = isSocket ? { hint: startHint(endpoint) } : {};
  switch (code) {
    case 'ENOENT':
      return { trouble: 'notThere', message: `${at} is not there`, ...begin };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { trouble: 'notThere', message: `${at}: no host of that name is known` };
    case 'ECONNREFUSED':
      return { trouble: 'refused', message: `${at}: connection refused`, ...begin };
    case 'EACCES':
    case 'EPERM':
      return {
        trouble: 'noPermission',
        message: `${at} may not be opened by ${userName()}`,
        hint: groupHint(endpoint),
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { trouble: 'silent', message: `${at} cannot be reached (${code})` };
    default:
      return { trouble: 'other', message: `${at}: ${message}` };
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account that is only a number.
    return `user ${process.getuid?.() ?? ''}`;
  }
}

function startHint({ name }: FoundEndpoint): string {
  if (/podman/.test(name)) return 'Start it: systemctl --user start podman.socket';
  if (/rootless/.test(name)) return 'Start it: systemctl --user start docker';
  if (/desktop|colima|orbstack/.test(name)) return `Start ${name}.`;
  return 'Start it: sudo systemctl start docker';
}

function groupHint({ name }: FoundEndpoint): string {
  if (/podman/.test(name)) return 'Use the rootless socket: systemctl --user start podman.socket';
  return 'sudo usermod -aG docker $USER, then log in anew. Who is in that group can do all that root can.';
}

function silentWords({ message }: EngineSilent, { address }: FoundEndpoint): Omit<Trouble, 'trouble'> {
  return {
    message: `${address} takes the connection and does not answer: ${message}`,
    hint: 'It is tried again by itself. If it stays so, restart the engine.',
  };
}

function isTls(code: string, message: string): boolean {
  return (
    /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/.test(
      code,
    ) || /secure TLS connection|bad certificate|certificate required/.test(message)
  );
}

function tlsWords(message: string, { address, tls }: FoundEndpoint): Omit<Trouble, 'trouble'> {
  const files = [tls?.ca, tls?.cert, tls?.key].filter(each => each !== undefined);
  const used = files.length === 0 ? 'No certificates are set for it.' : `Look at ${files.join(', ')}.`;
  return { message: `${address}: ${message.split('\n')[0] ?? ''}`, hint: used };
}

function plainWords({ address }: FoundEndpoint): Omit<Trouble, 'trouble'> {
  return {
    message: `${address} speaks TLS only`,
    hint: 'Set certificates for it: DOCKER_TLS_VERIFY, DOCKER_CERT_PATH.',
  };
}

function sshTrouble({ message, exit }: SshFailure, { address }: FoundEndpoint): Trouble {
  const host = address.replace(/^ssh:\/\//, '').replace(/[:/].*$/, '');
  const said = `${address}: ${message}`;
  if (/Permission denied|Host key verification failed|passphrase/i.test(message)) {
    return { trouble: 'login', message: said, hint: `Log in once by hand, then retry: ssh ${host}` };
  }
  if (/resolve hostname|No route|ssh cannot be started/i.test(message))
    return { trouble: 'notThere', message: said };
  if (/Connection refused/i.test(message)) return { trouble: 'refused', message: said };
  if (/timed out/i.test(message)) return { trouble: 'silent', message: said };
  if (exit === 127)
    return { trouble: 'notThere', message: said, hint: `There is no docker program on ${host}.` };
  return { trouble: 'other', message: said };
}
