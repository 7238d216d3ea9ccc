import type { Port } from '../../../agent/protocol/containers';

/** Ports within a container that usually speak TLS. */
const secure: readonly number[] = [443, 8443, 9443];

/** Where a browser finds a published port: on this machine, or on that of an engine which is elsewhere. */
export function portAddress({ ip, public: port, private: inside }: Port, engine: string): string {
  const scheme = secure.includes(inside) ? 'https' : 'http';
  return `${scheme}://${hostOf(ip, engine)}:${String(port)}/`;
}

const anywhere: readonly (string | undefined)[] = [undefined, '', '0.0.0.0', '::'];

function hostOf(ip: string | undefined, engine: string): string {
  const elsewhere = /^(tcp|ssh|https?):\/\//.test(engine) ? hostnameOf(engine) : undefined;
  if (ip !== undefined && !anywhere.includes(ip) && elsewhere === undefined)
    return ip.includes(':') ? `[${ip}]` : ip;
  return elsewhere ?? 'localhost';
}

/** Of `ssh://me@host:22` the host. */
function hostnameOf(address: string): string | undefined {
  const host = /^\w+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(address)?.[1];
  return host === undefined || host === '127.0.0.1' || host === '[::1]' ? undefined : host;
}
