import { SecretFailure } from '../secretFailure';

export interface VaultPlace {
  /** As `vault kv get` takes it: mount and path. */
  readonly path: string;
  /** As the API takes it, below `/v1/`, with its version. */
  readonly api: string;
  readonly key: string;
}

/** `PATH[?version=N]#KEY`. The mount is the first part of the path; `data` after it, as in the API, may be there. */
export function parseVaultPlace(place: string): VaultPlace {
  const parts =
    /^\/?(?<mount>[^/?#]+)\/(?:data\/)?(?<rest>[^?#]+?)\/?(?:\?version=(?<version>\d+))?#(?<key>[^#]+)$/.exec(
      place,
    );
  const { mount, rest, version, key } = parts?.groups ?? {};
  if (mount === undefined || rest === undefined || key === undefined || /(^|\/)\.\.?(\/|$)/.test(rest)) {
    const why = 'it does not name a secret and a key';
    throw new SecretFailure(
      'misconfigured',
      why,
      'Write `vault:MOUNT/PATH#KEY`, with `?version=N` before the # if need be.',
    );
  }
  const encoded = rest.split('/').map(encodeURIComponent).join('/');
  const query = version === undefined ? '' : `?version=${version}`;
  return { path: `${mount}/${rest}`, api: `${encodeURIComponent(mount)}/data/${encoded}${query}`, key };
}
