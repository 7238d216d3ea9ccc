import { SecretFailure } from '../secretFailure';
import type { Provider } from './provider';

/** `k8s:[CONTEXT/]NAMESPACE/SECRET#KEY`: one key of a Secret, with the client's KUBECONFIG or ~/.kube/config. */
export const fromKubernetes: Provider = async (place, context) => {
  // Contexts of clouds have slashes in their names.
  const parts = /^(?:(?<cluster>.+)\/)?(?<namespace>[^/#]+)\/(?<secret>[^/#]+)#(?<key>[^#]+)$/.exec(place);
  const { cluster, namespace, secret, key } = parts?.groups ?? {};
  if (namespace === undefined || secret === undefined || key === undefined) {
    const why = 'it does not name a Secret and a key';
    throw new SecretFailure('misconfigured', why, 'Write `k8s:[CONTEXT/]NAMESPACE/SECRET#KEY`.');
  }
  // A bundle of its own: the library is 2 MB, and few runs need it.
  const { readKubernetesSecret } = await import('./kubernetesSecret');
  return readKubernetesSecret({ cluster, namespace, secret, key }, context);
};
