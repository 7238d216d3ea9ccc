import { delimiter } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { ownContextOf } from './ownContext';
import type { IdentityFact } from '../protocol/plan';
import {
  asList,
  asObject,
  atHome,
  readConfig,
  stated,
  variable,
  type IdentityProvider,
  type IdentityWorld,
} from './world';

/** https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
export const kube: IdentityProvider = {
  kind: 'kube',
  tools: (
    'kubectl helm helmfile kustomize k9s oc stern kubectx kubens flux argocd istioctl linkerd cilium velero ' +
    'skaffold tilt clusterctl kubeadm kubeseal krew helmsman cmctl calicoctl kubent'
  ).split(' '),
  held: true,
  read(world) {
    const configs = configsOf(world);
    const current = ownContextOf(world.env) ?? configs.map(config => config['current-context']).find(isName);
    return current === undefined ? undefined : factOf(configs, current);
  },
};

/** A context, whichever is in use; undefined where no file has it. Who calls it by its name names a namespace, too. */
export function namedKube(
  world: IdentityWorld,
  context: string,
): Pick<IdentityFact, 'label' | 'values'> | undefined {
  const configs = configsOf(world);
  if (named(configs, 'contexts', context)['name'] !== context) return undefined;
  const { label, values } = factOf(configs, context);
  return {
    label,
    values: Object.fromEntries(Object.entries(values).filter(([name]) => name !== 'namespace')),
  };
}

type KubeFile = Readonly<Record<string, unknown>>;

function configsOf(world: IdentityWorld): KubeFile[] {
  const list = variable(world, 'KUBECONFIG')
    ?.split(delimiter)
    .filter(path => path !== '');
  const paths = list ?? [atHome(world, '.kube', 'config')];
  return paths.map(path => readConfig(world, path, parseConfig)).filter(config => config !== undefined);
}

function factOf(configs: readonly KubeFile[], name: string): Pick<IdentityFact, 'label' | 'values'> {
  const context = asObject(named(configs, 'contexts', name)['context']);
  const cluster = asObject(named(configs, 'clusters', context['cluster'])['cluster']);
  const { user, namespace } = stated(context);
  const server = cluster['server'];
  const values = stated({ context: name, server, user, namespace: namespace ?? 'default' });
  return { label: user === undefined ? name : `${name} as ${user}`, values };
}

function parseConfig(text: string): KubeFile {
  return asObject(parseYaml(text, { logLevel: 'error' }));
}

/** As kubectl merges files: the first one that has the name wins. */
function named(configs: readonly KubeFile[], list: string, name: unknown): KubeFile {
  const items = configs.flatMap(config => asList(config[list]).map(asObject));
  return items.find(item => item['name'] === name) ?? {};
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
