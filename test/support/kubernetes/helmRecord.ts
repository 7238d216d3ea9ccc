import { constants, gzipSync } from 'node:zlib';

/** A release as Helm 3 has it before it writes it. */
export interface WrittenRelease {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: {
    readonly first_deployed?: string;
    readonly last_deployed?: string;
    readonly deleted?: string;
    readonly description?: string;
    readonly status: string;
    readonly notes?: string;
  };
  readonly chart: unknown;
  readonly config?: object;
  readonly manifest?: string;
}

/** As Helm packs a release: https://github.com/helm/helm/blob/v3.17.0/pkg/storage/driver/util.go */
export function packed(release: unknown): string {
  return gzipSync(JSON.stringify(release), { level: constants.Z_BEST_COMPRESSION }).toString('base64');
}

/**
 * The Secret that Helm writes; https://github.com/helm/helm/blob/v3.17.0/pkg/storage/driver/secrets.go. `record`: in place
 * of the release packed.
 */
export function helmSecret(release: WrittenRelease, record = packed(release)): object {
  const data = { release: Buffer.from(record).toString('base64') };
  return { ...objectOf(release, 'Secret'), type: 'helm.sh/release.v1', data };
}

/** The same by the other driver, `HELM_DRIVER=configmap`. */
export function helmConfigMap(release: WrittenRelease): object {
  return { ...objectOf(release, 'ConfigMap'), data: { release: packed(release) } };
}

function objectOf({ name, namespace, version, info }: WrittenRelease, kind: string): object {
  const own = { name, owner: 'helm', status: info.status, version: String(version) };
  return {
    ...{ apiVersion: 'v1', kind },
    metadata: {
      ...{ name: `sh.helm.release.v1.${name}.v${String(version)}`, namespace },
      labels: { ...own, modifiedAt: '1767225600' },
    },
  };
}

/** A release of a chart `shop` with a password in its values, in a Secret, in a variable, and in its notes. */
export function someRelease(more: Partial<WrittenRelease> = {}): WrittenRelease {
  return {
    name: 'web',
    namespace: 'default',
    version: 1,
    info: {
      ...{ first_deployed: '2026-01-01T00:00:00.5Z', last_deployed: '2026-01-01T05:30:00.104111+05:30' },
      ...{ deleted: '', description: 'Install complete', status: 'deployed' },
      notes: 'Log in as ana with pässword-one.\n',
    },
    chart: {
      metadata: { name: 'shop', version: '1.4.2', apiVersion: 'v2', appVersion: '3.1' },
      lock: null,
      templates: [],
      values: {
        ...{ replicas: 1, image: { repository: 'shop', tag: 'latest' }, debug: true },
        auth: { user: 'admin', password: '', existingSecret: '' },
      },
      ...{ schema: null, files: null },
    },
    config: {
      ...{ image: { tag: '3.1' }, debug: null, auth: { password: 'pässword-one' } },
      ...{ database: 'postgres://shop:hunter2@db/shop', env: [{ name: 'API_TOKEN', value: 'token-of-env' }] },
      pullSecrets: [{ name: 'registry' }],
    },
    manifest,
    ...more,
  };
}

const manifest = `---
# Source: shop/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: web
data:
  password: ${Buffer.from('pässword-one').toString('base64')}
  other: ${Buffer.from('only-in-the-secret').toString('base64')}
---
# Source: shop/templates/configmap.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name:   web   # odd but his
data:
  url: "postgres://shop:hunter2@db/shop"
---
# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      imagePullSecrets: [{name: registry}]
      containers:
        - name: main
          args: ["--key=only-in-the-secret"]
          env:
            - name: API_TOKEN
              value: token-of-env
            - name: PASSWORD_FILE
              value: /run/secrets/password
`;
