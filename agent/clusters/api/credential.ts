import type { FoundContext, UserEntry } from '../contexts/foundContext';
import { ClusterUnusable } from './clusterUnusable';
import { readGiven } from './readGiven';

/** What proves who we are. */
export interface Credential {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** When it is no longer good, in ms since 1970. */
  readonly expiresAt?: number;
  /** Whether asking for another one may help where this one is refused. */
  readonly isRenewable: boolean;
}

/** Milliseconds that what was read of a file counts. Clouds put new tokens there. */
const fileCounts = 60_000;

/** The credential that a kubeconfig or its files hold; plugins and providers are asked elsewhere. */
export function heldCredential(context: FoundContext): Credential {
  const { user } = context;
  const token = tokenOf(context);
  const cert = readGiven(context, 'client certificate', user.certFile, user.certData);
  const key = readGiven(context, 'client key', user.keyFile, user.keyData);
  const isFile = user.tokenFile !== undefined || user.certFile !== undefined;
  return {
    headers: { ...user.impersonate, ...authorization(token, user) },
    ...(cert && { cert }),
    ...(key && { key }),
    ...(isFile && { expiresAt: Date.now() + fileCounts }),
    isRenewable: isFile,
  };
}

/** As client-go: a file counts before a token. */
function tokenOf(context: FoundContext): string | undefined {
  const { token, tokenFile } = context.user;
  if (tokenFile === undefined) return token;
  const read = readGiven(context, 'token', tokenFile, undefined)?.toString().trim();
  if (read !== undefined && read !== '') return read;
  throw new ClusterUnusable(context, { trouble: 'invalid', message: `${tokenFile} holds no token` });
}

function authorization(
  token: string | undefined,
  { username, password }: UserEntry,
): Readonly<Record<string, string>> {
  if (token !== undefined) return { Authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
}
