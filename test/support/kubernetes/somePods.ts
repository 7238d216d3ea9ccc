// Things of a cluster with a node, for tests.

/** A container of busybox that runs a script. */
export function box(script: string, more: object = {}): object {
  return {
    name: 'main',
    image: 'localhost/busybox:1',
    imagePullPolicy: 'Never',
    command: ['sh', '-c', script],
    ...more,
  };
}

/** A pod of busybox that runs a script. */
export function pod(name: string, script: string, spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { terminationGracePeriodSeconds: 0, containers: [box(script)], ...spec },
  };
}

/** A Deployment whose pods run a script. */
export function deployment(name: string, script: string, replicas = 1, container: object = {}): object {
  const labels = { app: name };
  const spec = { terminationGracePeriodSeconds: 0, containers: [box(script, container)] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}
