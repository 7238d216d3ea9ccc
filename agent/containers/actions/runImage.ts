import type Docker from 'dockerode';
import type * as z from 'zod';
import { HandrailError } from '../../protocol/errors';
import type { runImage as request } from '../../protocol/containerActions';

type Wanted = Omit<z.output<(typeof request)['params']>, 'endpoint' | 'by'>;

/** Makes a container of an image and starts it; gives its id. One that does not start is removed again. */
export async function runImage(docker: Docker, wanted: Wanted): Promise<string> {
  const options = { _query: wanted.name === undefined ? {} : { name: wanted.name }, _body: specOf(wanted) };
  // In the query, where dockerode would put all of it, are what others may read, and a limit.
  const container = await docker.createContainer(options as object);
  try {
    await container.start();
  } catch (error) {
    await container.remove({ force: true, v: true }).catch(() => undefined);
    throw error;
  }
  return container.id;
}

function specOf({ image, command, env, publish, mounts, remove }: Wanted): object {
  const ports = publish.map(portOf);
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { inside, ip, outside } of ports) {
    (bindings[inside] ??= []).push({ HostIp: ip, HostPort: outside });
  }
  return {
    Image: image,
    ...(command.length > 0 && { Cmd: command }),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ExposedPorts: Object.fromEntries(ports.map(({ inside }) => [inside, {}])),
    HostConfig: { PortBindings: bindings, Binds: mounts.map(checkedMount), AutoRemove: remove },
  };
}

/** `8080:80`, `127.0.0.1:8080:80/udp`, `80` for any port of the host. */
function portOf(written: string): { inside: string; ip: string; outside: string } {
  const pattern = /^(?:(?:(\[[0-9a-fA-F:]+\]|[\d.]+):)?(\d*):)?(\d+)(\/(?:tcp|udp|sctp))?$/;
  const found = pattern.exec(written);
  if (found === null)
    throw new HandrailError(
      'invalidState',
      `${written} is no port: 8080:80 or 127.0.0.1:8080:80 was expected`,
    );
  const [, ip = '', outside = '', inside = '', protocol = '/tcp'] = found;
  return { inside: `${inside}${protocol}`, ip: ip.replace(/^\[|\]$/g, ''), outside };
}

function checkedMount(written: string): string {
  if (/^[^:]+:\/[^:]*(:[\w,]+)?$/.test(written) || /^[A-Za-z]:\\[^:]*:\/[^:]*(:[\w,]+)?$/.test(written))
    return written;
  throw new HandrailError(
    'invalidState',
    `${written} is no mount: /host:/in/container or volume:/in/container was expected`,
  );
}
