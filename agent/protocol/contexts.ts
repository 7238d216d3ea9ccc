import * as z from 'zod';
import { notification, request } from './message';
import { AbsolutePath, Environment, SystemText } from './system';

/** Why a cluster cannot be used. */
export const ContextTrouble = z.enum([
  /** No host of that name, or no way to it. */
  'notThere',
  /** There, and nobody listens. */
  'refused',
  /** Certificates: expired, of an unknown authority, of another name, missing. */
  'tls',
  /** Takes the connection and does not answer. */
  'silent',
  /** The credentials are not accepted (401), or a person must log in first. */
  'login',
  /** The program that gets credentials failed, took too long or is not there. */
  'plugin',
  /** The credentials are accepted and allow nothing (403). */
  'forbidden',
  /** Its description in the kubeconfig cannot be used. */
  'invalid',
  /** Speaks no version of the API that we do, or is no API server at all. */
  'version',
  /** Too busy (429, 503). */
  'busy',
  /** Anything else; the message has it. */
  'other',
]);
export type ContextTrouble = z.infer<typeof ContextTrouble>;

/** Where a context is in its life. Times are milliseconds since 1970. */
export const ContextState = z.discriminatedUnion('kind', [
  /** Not contacted: nobody has asked for it. */
  z.object({ kind: z.literal('idle') }),
  z.object({
    kind: z.literal('connecting'),
    since: z.number(),
    /** What is waited for, where it is not the server: `credentials from aws`. */
    waitsFor: z.string().optional(),
  }),
  z.object({
    kind: z.literal('connected'),
    since: z.number(),
    /** Of the server: `v1.34.4`. */
    version: z.string(),
  }),
  z.object({
    kind: z.literal('failed'),
    trouble: ContextTrouble,
    /** What happened, where. */
    message: z.string(),
    /** What a person can do. */
    hint: z.string().optional(),
    since: z.number(),
    /** When it is tried again by itself; absent where that makes no sense. */
    retryAt: z.number().optional(),
  }),
]);
export type ContextState = z.infer<typeof ContextState>;

/** How a context proves who it is. */
export const Login = z.enum(['certificate', 'token', 'plugin', 'oidc', 'password', 'none']);
export type Login = z.infer<typeof Login>;

/** One context of the kubeconfigs. */
export const Context = z.object({
  /** Stable and unique: its name, or `NAME@FILE` where the file is one that only our configuration names. */
  id: z.string(),
  name: z.string(),
  /** Names in the kubeconfig; `server` is the address. Empty where the kubeconfig has none. */
  cluster: z.string(),
  server: z.string(),
  user: z.string(),
  namespace: z.string(),
  /** The file that it stands in. */
  file: z.string(),
  /** Whether the person's own `kubectl` would use it now. */
  current: z.boolean(),
  /** Whether actions on it ask for its name first. */
  production: z.boolean(),
  /** Whether nothing is changed on it. */
  readOnly: z.boolean(),
  /** Whether the server's certificate is not checked, or there is none. */
  insecure: z.boolean(),
  login: Login,
  /** The program that gets credentials, where there is one. */
  plugin: z.string().optional(),
  state: ContextState,
});
export type Context = z.infer<typeof Context>;

/** What of a client's environment tells where its clusters are, and what credential plugins need: all of it but secrets of others. */
export const ClusterEnvironment = Environment;

/**
 * The contexts of this client: of `KUBECONFIG` or `~/.kube/config`, merged as kubectl does it (the first one wins), and
 * of the files that our configuration names. Read from files: nothing is contacted, no plugin runs. `cwd`: relative
 * paths of `KUBECONFIG` start there. `problems`: what is broken, and names that stand twice.
 */
export const listContexts = request(
  'contexts/list',
  z.object({ environment: ClusterEnvironment, cwd: AbsolutePath.optional() }),
  z.object({
    contexts: z.array(Context),
    looked: z.array(z.object({ place: z.string(), found: z.string() })),
    problems: z.array(
      z.object({
        file: z.string(),
        line: z.number().int().optional(),
        column: z.number().int().optional(),
        message: z.string(),
        hint: z.string().optional(),
      }),
    ),
  }),
);

/** The files that tell of contexts have changed: {@link listContexts} gives others now. Sent to who has listed them. */
export const contextsChanged = notification('contexts/changed', 'agent', z.object({}));

/**
 * Connects a context. `clusters/changed` tells its state and its kinds from now on. What nobody watches is let go after
 * a minute.
 */
export const watchContext = request('contexts/watch', z.object({ context: SystemText }), z.object({}));
export const unwatchContext = request('contexts/unwatch', z.object({ context: SystemText }), z.object({}));

/** Tries a failed context, and all of its tables that failed, again at once. Asks credential plugins anew. */
export const retryContext = request('contexts/retry', z.object({ context: SystemText }), z.object({}));
