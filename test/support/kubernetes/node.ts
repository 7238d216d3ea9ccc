import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runCommand } from '../command';
import { imageFile, type TestImage } from '../engine/images';
import { freePort } from '../freePort';
import { waitFor } from '../waitFor';
import type { Cluster, Place } from './cluster';

/** Adds controllers, a scheduler and the node `node-1`, whose containers are real ones of a containerd in the cage. */
export async function startNode(place: Place & { readonly cluster: Cluster }): Promise<void> {
  const { cage, programs, at, cluster } = place;
  await startContainerd(place);
  const config = `--kubeconfig=${cluster.kubeconfig}`;
  const alone = ['--leader-elect=false', '--secure-port=0'];
  const accounts = `--service-account-private-key-file=${at('sa.key')}`;
  await cage.start(
    [join(programs, 'kube-controller-manager'), config, accounts, ...alone],
    'controllers.log',
  );
  await cage.start(
    [join(programs, 'kube-scheduler'), config, '--leader-elect=false', '--secure-port=0'],
    'scheduler.log',
  );
  const ip = `10.${cage.bridge!.second}.0.1`;
  await writeFile(at('kubelet.yaml'), stringify(await kubeletConfiguration(place, ip)));
  const kubelet = [join(programs, 'kubelet'), config, `--config=${at('kubelet.yaml')}`];
  const folders = [`--root-dir=${at('kubelet')}`, `--cert-dir=${at('kubelet/pki')}`];
  const name = ['--hostname-override=node-1', `--node-ip=${ip}`];
  await cage.start([...kubelet, ...folders, ...name], 'kubelet.log');
  await waitFor(
    'the node',
    async () => / Ready/.test(await cluster.kubectl('get', 'node', 'node-1').catch(() => '')),
    120_000,
  );
}

/** Makes images of tests known to the node, as `localhost/NAME:1`. */
export async function loadImages(folder: string, ...images: readonly TestImage[]): Promise<void> {
  const socket = join(folder, 'containerd.sock');
  for (const image of images) {
    const args = ['-a', socket, '-n', 'k8s.io', 'images', 'import', await imageFile(image)];
    await runCommand('ctr', args, { deadline: 120_000 });
  }
}

async function startContainerd({ cage, at }: Place): Promise<void> {
  const { name, second } = cage.bridge!;
  await mkdir(at('cni'));
  const ipam = {
    type: 'host-local',
    ranges: [[{ subnet: `10.${second}.0.0/24` }]],
    routes: [{ dst: '0.0.0.0/0' }],
    dataDir: at('cni-data'),
  };
  const plugins = [{ type: 'bridge', bridge: name, isGateway: true, ipam }];
  await writeFile(at('cni/10-test.conflist'), JSON.stringify({ cniVersion: '1.0.0', name: 'test', plugins }));
  await writeFile(at('containerd.toml'), containerdConfiguration(at));
  await cage.start(['containerd', '--config', at('containerd.toml')], 'containerd.log');
  const socket = at('containerd.sock');
  await waitFor('containerd', () => isThere(socket), 60_000);
  await loadImages(cage.folder, 'pause', 'busybox');
}

function isThere(socket: string): Promise<boolean> {
  return runCommand('ctr', ['-a', socket, 'version'], { deadline: 5000 }).then(
    () => true,
    () => false,
  );
}

/** https://github.com/containerd/containerd/blob/main/docs/cri/config.md */
function containerdConfiguration(at: Place['at']): string {
  return `version = 2
root = "${at('containerd/root')}"
state = "${at('containerd/state')}"
[grpc]
address = "${at('containerd.sock')}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
disable_apparmor = true
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${at('cni')}"
`;
}

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
async function kubeletConfiguration({ cage, at }: Place, address: string): Promise<object> {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    cgroupsPerQOS: false,
    cgroupRoot: cage.cgroup,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    containerRuntimeEndpoint: `unix://${at('containerd.sock')}`,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    // Not loopback: the API server goes there by the node's address.
    address,
    port: await freePort(),
    healthzPort: 0,
    makeIPTablesUtilChains: false,
    localStorageCapacityIsolation: false,
    podLogsDir: at('pod-logs'),
  };
}
