import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runCommand } from '../command';
import { type Cage, openCage } from '../engine/cage';
import { freePort } from '../freePort';
import { provide, type Started } from '../realSystem';
import { waitFor } from '../waitFor';
import { compactEtcd } from './etcd';
import { kubernetes, kubernetesNode } from './programs';
import { startNode } from './node';

/** A real Kubernetes for tests alone, on loopback. It ends, with all that it started, when it is disposed. */
export interface Cluster extends Started {
  /** `https://127.0.0.1:PORT`; the same after a restart. */
  readonly address: string;
  readonly folder: string;
  /** Path; contexts `test` (may do all) and `viewer` (user `viewer`, may do nothing until a role is bound to it). */
  readonly kubeconfig: string;
  /** PEM, path: what signed the server's certificate. */
  readonly authority: string;
  /** Tokens of the two users. */
  readonly tokens: { readonly admin: string; readonly viewer: string };
  /** Runs kubectl as `admin` and gives its stdout, trimmed. Throws with what it said if it fails. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** `kubectl apply` of YAML or JSON. */
  apply(manifest: string | object): Promise<void>;
  /** Starts the API server again where it was stopped: same address, same data. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL, as in a crash. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Has the API server hang: it takes connections and answers nothing, until {@link thaw}. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Forgets all versions of objects but the last, and starts the API server again: to watch from an earlier one is a 410. */
  compact(): Promise<void>;
}

export interface ClusterOptions {
  /** Whether there is a node `node-1` that runs pods, of images `localhost/NAME:1` as those of engines; controllers, too. */
  readonly node?: boolean;
  /** Further arguments of the API server. */
  readonly args?: readonly string[];
}

/**
 * Starts a private API server with its etcd: some seconds; with a node some more.
 *
 * @example
 * before(needs(kubernetes));
 * await using cluster = await startCluster();
 * await cluster.kubectl('create', 'namespace', 'shop');
 */
export async function startCluster({ node = false, args = [] }: ClusterOptions = {}): Promise<Cluster> {
  const programs = await provide(node ? kubernetesNode : kubernetes);
  const cage = await openCage('kube', 'bridge');
  try {
    const ports = { etcd: await freePort(), peers: await freePort(), api: await freePort() };
    const place: Place = { cage, programs, at: name => join(cage.folder, name) };
    const tokens = await writeUsers(place);
    await startEtcd(place, ports);
    const address = `https://127.0.0.1:${ports.api}`;
    await writeKubeconfig(place, address, tokens);
    const cluster = clusterOf({ ...place, ports, address, tokens, args });
    await cluster.start();
    if (node) await startNode({ ...place, cluster });
    return cluster;
  } catch (error) {
    await cage[Symbol.asyncDispose]();
    throw error;
  }
}

/** Where a cluster's programs and files are. */
export interface Place {
  readonly cage: Cage;
  /** Folder of Kubernetes' programs. */
  readonly programs: string;
  /** Path of a file of the cluster. */
  readonly at: (name: string) => string;
}

interface Parts extends Place {
  readonly ports: { readonly etcd: number; readonly api: number };
  readonly address: string;
  readonly tokens: Cluster['tokens'];
  readonly args: readonly string[];
}

function clusterOf(parts: Parts): Cluster {
  const { cage, programs, at, ports, address, tokens, args } = parts;
  const kubeconfig = at('kubeconfig');
  let pid = 0;
  const kubectl = async (...words: readonly string[]) =>
    (
      await runCommand(join(programs, 'kubectl'), [...words], {
        env: { KUBECONFIG: kubeconfig, HOME: cage.folder },
        deadline: 120_000,
      })
    ).trimEnd();
  const start = async () => {
    pid = await cage.start(apiServer({ programs, at, ports, args }), 'apiserver.log');
    await waitFor('the API server', () => isReady(kubectl), 120_000);
  };
  const end = async (signal: 'TERM' | 'KILL') => {
    await cage.signal(pid, signal);
    await cage.ended(pid, 90_000);
  };
  return {
    address,
    folder: cage.folder,
    kubeconfig,
    authority: at('certs/apiserver.crt'),
    tokens,
    kubectl,
    async apply(manifest) {
      const path = at(`manifest-${randomBytes(4).toString('hex')}.yaml`);
      await writeFile(path, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
      await kubectl('apply', '-f', path);
    },
    start,
    stop: () => end('TERM'),
    kill: () => end('KILL'),
    restart: async () => {
      await end('KILL');
      await start();
    },
    freeze: () => cage.signal(pid, 'STOP'),
    thaw: () => cage.signal(pid, 'CONT'),
    compact: async () => {
      await compactEtcd(ports.etcd);
      await end('KILL');
      await start();
    },
    [Symbol.asyncDispose]: () => cage[Symbol.asyncDispose](),
  };
}

async function isReady(kubectl: Cluster['kubectl']): Promise<boolean> {
  return kubectl('get', '--raw', '/readyz').then(
    said => said === 'ok',
    () => false,
  );
}

function apiServer({
  programs,
  at,
  ports,
  args,
}: Pick<Parts, 'programs' | 'at' | 'ports' | 'args'>): string[] {
  return [
    join(programs, 'kube-apiserver'),
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--secure-port=${ports.api}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${at('certs')}`,
    `--service-account-key-file=${at('sa.key')}`,
    `--service-account-signing-key-file=${at('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${at('tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--allow-privileged=true',
    '--kubelet-preferred-address-types=InternalIP',
    // Pods need no account then, and no controller that makes one.
    '--disable-admission-plugins=ServiceAccount',
    ...args,
  ];
}

async function startEtcd(
  { cage, at }: Place,
  { etcd, peers }: { etcd: number; peers: number },
): Promise<void> {
  const client = `http://127.0.0.1:${etcd}`;
  const peer = `http://127.0.0.1:${peers}`;
  const addresses = ['--listen-client-urls', client, '--advertise-client-urls', client];
  const peerAddresses = ['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer];
  const alone = ['--initial-cluster', `default=${peer}`, '--unsafe-no-fsync'];
  await cage.start(['etcd', '--data-dir', at('etcd'), ...addresses, ...peerAddresses, ...alone], 'etcd.log');
}

/** Who may do what: `admin` all, `viewer` nothing. Tokens are in the kubeconfig only. */
async function writeUsers({ at }: Place): Promise<Cluster['tokens']> {
  await mkdir(at('certs'));
  await runCommand('openssl', ['genrsa', '-out', at('sa.key'), '2048'], { deadline: 30_000 });
  const tokens = { admin: randomBytes(16).toString('hex'), viewer: randomBytes(16).toString('hex') };
  const lines = [`${tokens.admin},admin,admin,system:masters`, `${tokens.viewer},viewer,viewer`];
  await writeFile(at('tokens.csv'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return tokens;
}

async function writeKubeconfig({ at }: Place, address: string, tokens: Cluster['tokens']): Promise<void> {
  const cluster = { server: address, 'certificate-authority': at('certs/apiserver.crt') };
  const context = (name: string, user: string) => ({ name, context: { cluster: 'test', user } });
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: Object.entries(tokens).map(([name, token]) => ({ name, user: { token } })),
    contexts: [context('test', 'admin'), context('viewer', 'viewer')],
    'current-context': 'test',
  };
  await writeFile(at('kubeconfig'), stringify(kubeconfig), { mode: 0o600 });
}
