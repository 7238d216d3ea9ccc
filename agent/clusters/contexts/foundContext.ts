import type { Context } from '../../protocol/contexts';

/** A cluster as a kubeconfig describes it; paths are absolute. https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
export interface ClusterEntry {
  readonly server: string;
  readonly tlsServerName?: string;
  readonly insecure: boolean;
  readonly caFile?: string;
  /** Base64. */
  readonly caData?: string;
  readonly proxy?: string;
}

/** The program that gets credentials. */
export interface PluginEntry {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** `Always`: cannot be used without a person. */
  readonly interactive: 'Never' | 'IfAvailable' | 'Always';
  readonly installHint?: string;
  readonly wantsCluster: boolean;
  /** What the cluster has for it: the extension `client.authentication.k8s.io/exec`. */
  readonly clusterConfig?: unknown;
}

/** A user as a kubeconfig describes it; paths are absolute. */
export interface UserEntry {
  readonly certFile?: string;
  readonly certData?: string;
  readonly keyFile?: string;
  readonly keyData?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly plugin?: PluginEntry;
  readonly authProvider?: { readonly name: string; readonly config: Readonly<Record<string, string>> };
  /** Headers that ask to act as somebody else. */
  readonly impersonate: Readonly<Record<string, string | readonly string[]>>;
}

/** A context as files tell of it, with all it takes to reach its cluster. */
export interface FoundContext extends Omit<Context, 'state' | 'cluster' | 'user' | 'server'> {
  readonly clusterName: string;
  readonly userName: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** What it takes of the client's environment: all for a plugin, else what tells of proxies. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether `kubectl` needs to be told of {@link file}. */
  readonly isExtra: boolean;
  /** Why its description cannot be used. */
  readonly invalid?: { readonly message: string; readonly hint?: string };
}

/** What is wrong with a file. */
export interface KubeconfigProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly hint?: string;
}
