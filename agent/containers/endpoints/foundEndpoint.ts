import type { Endpoint } from '../../protocol/endpoints';

/** Certificates of a TLS endpoint, as paths; a file that is not named is not used. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Whether the engine's certificate is checked. */
  readonly verify: boolean;
}

/** An engine as files and sockets tell of it, with all it takes to reach it. */
export interface FoundEndpoint extends Pick<Endpoint, 'id' | 'name' | 'source' | 'address' | 'current'> {
  readonly tls?: TlsFiles;
  /** The program at the other end of `ssh://` that hands connections on. */
  readonly remote?: 'docker' | 'podman';
  /** What `ssh` needs of the client's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Why its description cannot be used. */
  readonly invalid?: { readonly message: string; readonly hint?: string };
}

/** A place where engines were looked for, and what was there. */
export interface Looked {
  readonly place: string;
  readonly found: string;
}

/** A file that tells of engines and cannot be read. */
export interface FileProblem {
  readonly file: string;
  readonly message: string;
  readonly hint?: string;
}

/** What one source of endpoints, or all of them, gave. */
export interface Found {
  readonly endpoints: readonly FoundEndpoint[];
  readonly looked: readonly Looked[];
  readonly problems: readonly FileProblem[];
  /** Files, there or not, that change what is found; of `FOLDER/*` any. */
  readonly places: readonly string[];
}

/** How an address is protected, in the protocol's words. */
export function tlsWord({ tls }: Pick<FoundEndpoint, 'tls'>): Endpoint['tls'] {
  if (tls === undefined) return 'none';
  return tls.verify ? 'verified' : 'unverified';
}
