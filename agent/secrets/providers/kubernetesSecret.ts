import * as z from 'zod';
import type { ClientEnvironment } from '../../protocol/runs';
import { SecretFailure } from '../secretFailure';
import { type Answer, get } from './get';
import { connectionOf } from './kubernetesConnection';

export interface KubernetesPlace {
  /** Context of the kubeconfig; without it the current one. */
  readonly cluster: string | undefined;
  readonly namespace: string;
  readonly secret: string;
  readonly key: string;
}

const Secret = z.object({ data: z.record(z.string(), z.string()).optional() });

/** Reads one key of one Secret; needs the permission `get` on it and nothing else. */
export async function readKubernetesSecret(
  place: KubernetesPlace,
  context: { environment: ClientEnvironment; signal: AbortSignal },
): Promise<Uint8Array> {
  const { server, cluster, options } = await connectionOf(place.cluster, context);
  const base = new URL(server.replace(/\/*$/, '/'));
  const [namespace, secret] = [place.namespace, place.secret].map(encodeURIComponent);
  const answer = await get(
    new URL(`api/v1/namespaces/${namespace}/secrets/${secret}`, base),
    options,
    context.signal,
  );
  if (answer.status !== 200) throw refusal(answer, place, cluster);
  const data = secretData(answer.body, base.host);
  const value = Object.hasOwn(data, place.key) ? data[place.key] : undefined;
  if (value !== undefined) return Buffer.from(value, 'base64');
  const there = Object.keys(data).join(', ') || 'none';
  const why = `Secret ${place.namespace}/${place.secret} has no key ${place.key}; it has ${there}`;
  throw new SecretFailure('missing', why, 'Correct the key.');
}

function secretData(body: string, host: string): Record<string, string> {
  try {
    return Secret.parse(JSON.parse(body)).data ?? {};
  } catch {
    const why = `${host} did not answer with a Secret`;
    throw new SecretFailure('failed', why, 'Look whether this is the address of a Kubernetes API server.');
  }
}

function refusal({ status }: Answer, { namespace, secret }: KubernetesPlace, cluster: string): SecretFailure {
  const what = `${namespace}/${secret}`;
  switch (status) {
    case 401:
      return new SecretFailure(
        'refused',
        `${cluster} does not accept the login (401)`,
        'Log in to the cluster again.',
      );
    case 403:
      return new SecretFailure(
        'refused',
        `this user may not read Secret ${what} on ${cluster} (403)`,
        `Ask for it: \`kubectl auth can-i get secret/${secret} -n ${namespace}\`.`,
      );
    case 404:
      return new SecretFailure(
        'missing',
        `there is no Secret ${what} on ${cluster} (404)`,
        `Look with \`kubectl get secrets -n ${namespace}\`.`,
      );
    default:
      return new SecretFailure(
        'failed',
        `${cluster} answered ${status}`,
        'Look with `kubectl cluster-info`.',
      );
  }
}
