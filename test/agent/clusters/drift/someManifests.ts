/** A Deployment as a person writes it. `variables`: of its container. */
export function deploymentYaml(name: string, variables: readonly string[] = []): string {
  const env = variables.map(each => `            - {name: ${each}, value: "1"}\n`).join('');
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: main
          image: localhost/busybox:1
${env === '' ? '' : `          env:\n${env}`}`;
}

/** A kind of its own: \`Toy\`, whose size is a number. */
export const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: toys.toys.example.org}
spec:
  group: toys.example.org
  scope: Namespaced
  names: {kind: Toy, plural: toys, singular: toy}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties: {size: {type: integer}, text: {type: string}}
`;

/** More of such a Deployment, with what is written in more than one way: quantities, ports, empty parts. */
export const usual = `          resources: {limits: {cpu: 1, memory: 64Mi}, requests: {cpu: 0.5}}
          livenessProbe: {httpGet: {port: http}, periodSeconds: 5}
          readinessProbe: {httpGet: {port: 8080}}
          ports: [{containerPort: 8080, name: http}]
          securityContext: {}
          volumeMounts: [{name: tmp, mountPath: /tmp}]
      volumes: [{name: tmp, emptyDir: {}}]
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 25%}}
status: {}
`;
