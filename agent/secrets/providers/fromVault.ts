import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ClientEnvironment } from '../../protocol/runs';
import { SecretFailure } from '../secretFailure';
import { type Answer, get } from './get';
import { homeOf } from './homeOf';
import type { Provider } from './provider';
import { parseVaultPlace, type VaultPlace } from './vaultPlace';

/** Redirects to the same host that are followed: a standby node names the active one. */
const mostRedirects = 3;

/**
 * `vault:PATH[?version=N]#KEY`: one key of a secret of HashiCorp Vault or OpenBao, KV version 2
 * (https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version), with VAULT_ADDR, VAULT_TOKEN
 * (or ~/.vault-token), VAULT_NAMESPACE and VAULT_CACERT of the client.
 */
export const fromVault: Provider = async (place, { environment, signal }) => {
  const wanted = parseVaultPlace(place);
  const base = addressOf(environment);
  const headers = await headersOf(environment);
  const certificate = environment.env['VAULT_CACERT'];
  const ca = certificate ? await readSetting('VAULT_CACERT', certificate) : undefined;
  const options = { headers, ...(ca === undefined ? {} : { ca }) };
  let url = new URL(`v1/${wanted.api}`, base);
  for (let redirects = 0; ; redirects++) {
    const answer = await get(url, options, signal);
    if (answer.location === undefined || answer.status < 300 || answer.status >= 400)
      return read(answer, wanted, url);
    url = redirected(url, answer.location, redirects);
  }
};

function addressOf({ env }: ClientEnvironment): URL {
  const address = env['VAULT_ADDR'];
  if (!address) {
    throw new SecretFailure(
      'misconfigured',
      'VAULT_ADDR is not set',
      'Set it to the address of Vault, https://….',
    );
  }
  const url = URL.canParse(address) ? new URL(address.replace(/\/*$/, '/')) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new SecretFailure(
    'misconfigured',
    'VAULT_ADDR is no address',
    'It looks like https://vault.example.com:8200.',
  );
}

async function headersOf(environment: ClientEnvironment): Promise<Record<string, string>> {
  const namespace = environment.env['VAULT_NAMESPACE'];
  return {
    'X-Vault-Request': 'true',
    'X-Vault-Token': environment.env['VAULT_TOKEN'] || (await keptToken(environment)),
    ...(namespace ? { 'X-Vault-Namespace': namespace } : {}),
  };
}

async function keptToken(environment: ClientEnvironment): Promise<string> {
  const path = join(homeOf(environment), '.vault-token');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const why = `there is no token: VAULT_TOKEN is not set and ${path} cannot be read`;
    throw new SecretFailure('missing', why, 'Log in with `vault login`.', { cause });
  }
}

async function readSetting(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SecretFailure('misconfigured', `${name} names ${path}, which cannot be read`, 'Correct it.', {
      cause,
    });
  }
}

function redirected(url: URL, location: string, redirects: number): URL {
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (next?.origin === url.origin && redirects < mostRedirects) return next;
  const why =
    next?.origin === url.origin
      ? `${url.host} redirects again and again`
      : `${url.host} redirects to ${next?.origin ?? 'nowhere'}, which is not given the token`;
  throw new SecretFailure('refused', why, 'Set VAULT_ADDR to the address that answers itself.');
}

const Found = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()) }) });
const Gone = z.object({
  data: z.object({ metadata: z.object({ deletion_time: z.string(), destroyed: z.boolean() }) }),
});

function read(answer: Answer, place: VaultPlace, { host }: URL): string {
  const body = json(answer.body);
  if (answer.status !== 200) throw refusal(answer.status, body, place, host);
  const found = Found.safeParse(body);
  if (!found.success) {
    const why = `${place.path} is no secret of a KV engine of version 2`;
    throw new SecretFailure(
      'failed',
      why,
      'Look with `vault secrets list -detailed`; version 1 is not read.',
    );
  }
  const { data } = found.data.data;
  const value = Object.hasOwn(data, place.key) ? data[place.key] : undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined || value === null) {
    const there = Object.keys(data).join(', ') || 'none';
    throw new SecretFailure(
      'missing',
      `${place.path} has no key ${place.key}; it has ${there}`,
      'Correct the key.',
    );
  }
  throw new SecretFailure(
    'failed',
    `key ${place.key} of ${place.path} is no text but a structure`,
    'Name another key.',
  );
}

function refusal(status: number, body: unknown, { path, api }: VaultPlace, host: string): SecretFailure {
  const gone = Gone.safeParse(body);
  if (status === 404 && gone.success) {
    const { destroyed, deletion_time: time } = gone.data.data.metadata;
    const how = destroyed ? 'was destroyed' : `was deleted at ${time}`;
    return new SecretFailure(
      'missing',
      `this version of ${path} ${how}`,
      'Name another one with `?version=`.',
    );
  }
  switch (status) {
    case 403:
      return new SecretFailure(
        'refused',
        `Vault refuses it (403): the token may not read ${api}, or is no longer valid`,
        'Log in again with `vault login`, or ask for the policy to be extended.',
      );
    case 404:
      return new SecretFailure(
        'missing',
        `Vault has nothing at ${path} (404), or its first part is not the mount of a KV engine of version 2`,
        'Look with `vault kv list`, and at VAULT_NAMESPACE.',
      );
    case 503:
      return new SecretFailure(
        'unreachable',
        `Vault at ${host} is sealed or not ready (503)`,
        'Have it unsealed.',
      );
    default:
      return new SecretFailure(
        'failed',
        `Vault at ${host} answered ${status}`,
        'Look at `vault status` and at VAULT_ADDR.',
      );
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // An answer that is no JSON is told by its status, or as no secret.
  }
}
