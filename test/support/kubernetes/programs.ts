import { join } from 'node:path';
import { findOnPath, isExecutable } from '../command';
import { installDebianPackages } from '../debianPackages';
import { namespaces } from '../engine/cage';
import { buildGoPrograms, testCache } from '../goBuild';
import { provide, type RealSystem } from '../realSystem';

// A later kubelet refuses control groups of version 1, which many a machine for tests has.
const version = '1.34.4';

/** Folders with programs of Kubernetes: those of envtest first, as other projects have it. */
const folders = [process.env['KUBEBUILDER_ASSETS'], join(testCache, `kubernetes-${version}`)].filter(
  folder => folder !== undefined,
);

const controlPlane = ['kube-apiserver', 'kubectl'];
const ofNodes = ['kube-controller-manager', 'kube-scheduler', 'kubelet'];

/** The API server and kubectl; the path is that of their folder. Built from Go modules where they are not there. */
export const kubernetes: RealSystem = {
  name: 'Kubernetes',
  find: async () =>
    (await findOnPath(...etcdNames)) && (await namespaces.find()) && (await folderWith(controlPlane)),
  async install() {
    await provide(namespaces);
    await provide(etcd);
    if (!(await folderWith(controlPlane))) await build([...controlPlane, ...ofNodes]);
  },
};

/** What runs pods besides: controllers, scheduler, kubelet, containerd. */
export const kubernetesNode: RealSystem = {
  name: 'Kubernetes with a node',
  find: async () =>
    (await kubernetes.find()) &&
    (await containerd.find()) &&
    (await folderWith([...controlPlane, ...ofNodes])),
  async install() {
    await provide(kubernetes);
    await provide(containerd);
    if (!(await folderWith([...controlPlane, ...ofNodes]))) await build([...controlPlane, ...ofNodes]);
  },
};

const etcdNames = ['etcd'];

export const etcd: RealSystem = {
  name: 'etcd',
  find: () => findOnPath(...etcdNames),
  install: () => installDebianPackages('etcd', ['etcd-server']),
};

/** With runc and the plugins that make networks of pods. */
export const containerd: RealSystem = {
  name: 'containerd',
  find: async () =>
    (await isExecutable('/usr/lib/cni/bridge')) ? findOnPath('containerd') : Promise.resolve(undefined),
  install: () =>
    installDebianPackages('containerd', ['containerd', 'runc', 'containernetworking-plugins', 'iproute2']),
};

async function folderWith(names: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const found = await Promise.all(names.map(name => isExecutable(join(folder, name))));
    if (found.every(Boolean)) return folder;
  }
  return undefined;
}

function build(names: readonly string[]): Promise<void> {
  const stamp = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`;
  const [major = '', minor = ''] = version.split('.');
  return buildGoPrograms({
    what: `Kubernetes ${version}`,
    hint: 'set KUBEBUILDER_ASSETS to a folder with its programs',
    folder: join(testCache, `kubernetes-${version}`),
    packages: Object.fromEntries(names.map(name => [name, `k8s.io/kubernetes/cmd/${name}`])),
    ldflags: `-s -w ${stamp('gitVersion', `v${version}`)} ${stamp('gitMajor', major)} ${stamp('gitMinor', minor)}`,
    goMod,
  });
}

/** Kubernetes replaces its own libraries by folders; from outside they are the modules of the same version. */
async function goMod(go: (...args: string[]) => Promise<string>): Promise<string> {
  const module = 'k8s.io/kubernetes';
  const { GoMod } = JSON.parse(await go('mod', 'download', '-json', `${module}@v${version}`)) as {
    GoMod: string;
  };
  const { Replace } = JSON.parse(await go('mod', 'edit', '-json', GoMod)) as {
    Replace: { Old: { Path: string } }[];
  };
  const libraries = Replace.map(({ Old }) => Old.Path).filter(path => path.startsWith('k8s.io/'));
  const replaced = libraries.map(path => `replace ${path} => ${path} v${version.replace(/^1/, '0')}\n`);
  return `module tests\n\ngo 1.24.0\n\ngodebug default=go1.24\n\nrequire ${module} v${version}\n\n${replaced.join('')}`;
}
