import { type Answerer, sendJson } from './loopbackServer';

/** Secrets by mount and path; each version is its data, or how it went. */
export type VaultContent = Readonly<
  Record<string, readonly (Readonly<Record<string, unknown>> | 'deleted' | 'destroyed')[]>
>;

/**
 * What Vault answers to reads of a KV engine of version 2
 * (https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version), mount `secret`.
 */
export function answerAsVault(content: VaultContent, token: string, namespace?: string): Answerer {
  return (request, response) => {
    const url = new URL(request.url!, 'http://vault');
    if (request.headers['x-vault-token'] !== token || request.headers['x-vault-namespace'] !== namespace) {
      return sendJson(response, 403, { errors: ['permission denied'] });
    }
    const path = decodeURIComponent(url.pathname.replace(/^\/v1\/secret\/data\//, ''));
    const versions = content[path];
    const version = Number(url.searchParams.get('version') ?? 0) || (versions?.length ?? 0);
    const data = versions?.[version - 1];
    if (data === undefined) return sendJson(response, 404, { errors: [] });
    const gone = typeof data === 'string';
    const metadata = {
      created_time: '2026-01-02T03:04:05Z',
      custom_metadata: null,
      deletion_time: data === 'deleted' ? '2026-02-03T04:05:06Z' : '',
      destroyed: data === 'destroyed',
      version,
    };
    sendJson(response, gone ? 404 : 200, { data: { data: gone ? null : data, metadata } });
  };
}
