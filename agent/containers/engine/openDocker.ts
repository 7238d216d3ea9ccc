import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { type Address, parseAddress } from '../endpoints/addresses';
import type { FoundEndpoint, TlsFiles } from '../endpoints/foundEndpoint';
import { setDeadlines } from './deadlines';
import { SshConnection } from './sshConnection';

/** dockerode on an endpoint, and the connections that it keeps. */
export interface OpenDocker {
  readonly docker: Docker;
  /** Has it speak a version of the API from now on: `1.44`. */
  speak(api: string): void;
  /** Lets idle connections go, and each other one when what is under way on it has ended. */
  release(): void;
  /** Breaks all connections. */
  close(): void;
}

/** Idle connections are kept for a while: a list follows an event. */
const pooling: AgentOptions = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 4 };

/**
 * Sets dockerode up for an endpoint; nothing is contacted. Throws an Error for a person where the address or a
 * certificate cannot be read.
 */
export function openDocker(endpoint: FoundEndpoint): OpenDocker {
  const address = parseAddress(endpoint.address, endpoint.tls !== undefined);
  const agent = agentFor(address, endpoint);
  // docker-modem words each request for a log that nobody reads, and all that hangs on the agent with it.
  Object.assign(agent, { [inspect.custom]: () => 'connections' });
  const docker = withoutVariables(() => new Docker(Object.assign(placeOf(address, endpoint), { agent })));
  setDeadlines(docker);
  return {
    docker,
    speak: api => void Object.assign(docker.modem as object, { version: `v${api}` }),
    release: () => release(agent),
    close: () => agent.destroy(),
  };
}

function release(agent: HttpAgent): void {
  agent.maxFreeSockets = 0;
  for (const idle of Object.values(agent.freeSockets).flat()) idle?.destroy();
}

function placeOf(address: Address, { tls }: FoundEndpoint): Docker.DockerOptions {
  switch (address.kind) {
    case 'socket':
      return { socketPath: address.path };
    case 'ssh':
      // The connection is made by the agent; dockerode needs a name all the same.
      return { host: 'docker', port: 80, protocol: 'http' };
    case 'tcp':
      return { host: address.host, port: address.port, protocol: tls === undefined ? 'http' : 'https' };
  }
}

function agentFor(address: Address, endpoint: FoundEndpoint): HttpAgent {
  if (address.kind === 'ssh') {
    return new SshAgent({ ...pooling }, () => {
      const { env, remote = 'docker' } = endpoint;
      return new SshConnection({ address, env, remote });
    });
  }
  if (endpoint.tls === undefined) return new HttpAgent(pooling);
  return new HttpsAgent({ ...pooling, ...certificates(endpoint.tls) });
}

function certificates({ ca, cert, key, verify }: TlsFiles): object {
  const read = (file: string | undefined): Buffer | undefined =>
    file === undefined ? undefined : readFileSync(file);
  return { ca: read(ca), cert: read(cert), key: read(key), rejectUnauthorized: verify };
}

/** Node's pool of connections, over something else than sockets. */
class SshAgent extends HttpAgent {
  readonly #connect: () => Duplex;

  constructor(options: AgentOptions, connect: () => Duplex) {
    super(options);
    this.#connect = connect;
  }

  override createConnection(): Duplex {
    return this.#connect();
  }
}

/** docker-modem reads DOCKER_HOST and certificates of this process's environment, which are not the client's. */
function withoutVariables<T>(make: () => T): T {
  const { DOCKER_HOST: own } = process.env;
  delete process.env['DOCKER_HOST'];
  try {
    return make();
  } finally {
    if (own !== undefined) process.env['DOCKER_HOST'] = own;
  }
}
