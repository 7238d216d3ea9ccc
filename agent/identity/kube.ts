import { delimiter } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { asList, asObject, atHome, readConfig, stated, variable, type IdentityProvider } from './world';

/** https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
export const kube: IdentityProvider = {
  kind: 'kube',
  tools: (
    'kubectl helm helmfile kustomize k9s oc stern kubectx kubens flux argocd istioctl linkerd cilium velero ' +
    'skaffold tilt clusterctl kubeadm kubeseal krew helmsman cmctl calicoctl kubent'
  ).split(' '),
  held: true,
  read(world) {
    const list = variable(world, 'KUBECONFIG')
      ?.split(delimiter)
      .filter(path => path !== '');
    const paths = list ?? [atHome(world, '.kube', 'config')];
    const configs = paths
      .map(path => readConfig(world, path, parseConfig))
      .filter(config => config !== undefined);
    const current = configs.map(config => config['current-context']).find(isName);
    if (current === undefined) return undefined;
    const context = asObject(named(configs, 'contexts', current)['context']);
    const cluster = asObject(named(configs, 'clusters', context['cluster'])['cluster']);
    const { user, namespace } = stated(context);
    const server = cluster['server'];
    const values = stated({ context: current, server, user, namespace: namespace ?? 'default' });
    return { label: user === undefined ? current : `${current} as ${user}`, values };
  },
};

function parseConfig(text: string): Readonly<Record<string, unknown>> {
  return asObject(parseYaml(text, { logLevel: 'error' }));
}

/** As kubectl merges files: the first one that has the name wins. */
function named(
  configs: readonly Readonly<Record<string, unknown>>[],
  list: string,
  name: unknown,
): Readonly<Record<string, unknown>> {
  const items = configs.flatMap(config => asList(config[list]).map(asObject));
  return items.find(item => item['name'] === name) ?? {};
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
