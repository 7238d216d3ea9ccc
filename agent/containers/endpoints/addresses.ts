import { isAbsolute } from 'node:path';
import { realPath } from '../../realPath';

/** An address, taken apart. */
export type Address =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly user?: string;
      readonly port?: number;
      /** Socket at the other end, where it is not the default one. */
      readonly path?: string;
    };

/** Takes apart what `DOCKER_HOST` may hold; throws an Error for a person. `tls` decides the port that goes without saying. */
export function parseAddress(address: string, tls: boolean): Address {
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.*)$/s.exec(address) ?? [];
  if (scheme === 'unix' || scheme === 'npipe') {
    if (!isAbsolute(rest)) throw new Error(`${address}: the path of the socket must be absolute`);
    return { kind: 'socket', path: rest };
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === '' || !/^(tcp|https?|ssh)$/.test(scheme)) {
    throw new Error(`${address} is no address of an engine: unix://, tcp:// or ssh:// was expected`);
  }
  if (scheme === 'ssh') return sshAddress(url, address);
  if (url.pathname.length > 1)
    throw new Error(
      `${address}: an engine below a path (${url.pathname}) cannot be reached: give its proxy a port of its own`,
    );
  return tcpAddress(url, tls || scheme === 'https');
}

function tcpAddress(url: URL, tls: boolean): Address {
  const port = url.port === '' ? (tls ? 2376 : 2375) : Number(url.port);
  return { kind: 'tcp', host: url.hostname, port };
}

function sshAddress({ hostname, username, port, pathname }: URL, address: string): Address {
  const user = decodeURIComponent(username);
  // Would be taken for an option.
  if (hostname.startsWith('-') || user.startsWith('-')) throw new Error(`${address} is no SSH host`);
  return {
    kind: 'ssh',
    host: hostname,
    ...(user !== '' && { user }),
    ...(port !== '' && { port: Number(port) }),
    ...(pathname.length > 1 && { path: decodeURIComponent(pathname) }),
  };
}

/** The same for all ways to write the address of one socket. */
export function sameAddress(address: string): string {
  const path = socketPath(address);
  return path === undefined ? address.replace(/\/$/, '') : `unix://${realPath(path)}`;
}

/** The path of a socket's address. */
export function socketPath(address: string): string | undefined {
  return /^(?:unix|npipe):\/\/(.*)$/s.exec(address)?.[1];
}
