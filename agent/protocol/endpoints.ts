import * as z from 'zod';
import { notification, request } from './message';
import { Environment, SystemText } from './system';

/** Why an endpoint cannot be used. */
export const EndpointTrouble = z.enum([
  /** No such socket, host or file. */
  'notThere',
  /** There, and nobody listens. */
  'refused',
  /** The socket may not be opened; the hint tells how one gets the right. */
  'noPermission',
  /** Certificates: missing, expired, not trusted, of another name. */
  'tls',
  /** Speaks only versions of the API that are too old for us, or too new. */
  'version',
  /** Takes the connection and does not answer. */
  'silent',
  /** An SSH host that cannot be logged in to without asking. */
  'login',
  /** Its description cannot be read. */
  'invalid',
  /** Anything else; the message has it. */
  'other',
]);
export type EndpointTrouble = z.infer<typeof EndpointTrouble>;

/** Where an endpoint is in its life. Times are milliseconds since 1970. */
export const EndpointState = z.discriminatedUnion('kind', [
  /** Not contacted: nobody has asked for it. */
  z.object({ kind: z.literal('idle') }),
  z.object({ kind: z.literal('connecting'), since: z.number() }),
  z.object({
    kind: z.literal('connected'),
    since: z.number(),
    engine: z.enum(['docker', 'podman']),
    version: z.string(),
    /** Version of the API that both speak: `1.44`. */
    api: z.string(),
    /** Name of the machine that it runs on, as it says. */
    host: z.string(),
  }),
  z.object({
    kind: z.literal('failed'),
    trouble: EndpointTrouble,
    /** What happened, where. */
    message: z.string(),
    /** What a person can do. */
    hint: z.string().optional(),
    since: z.number(),
    /** When it is tried again by itself; absent where that makes no sense. */
    retryAt: z.number().optional(),
  }),
]);
export type EndpointState = z.infer<typeof EndpointState>;

/** One Docker or Podman engine. */
export const Endpoint = z.object({
  /** Stable: `context:NAME`, `environment`, `socket:PATH`, `config:NAME`. */
  id: z.string(),
  /** For a person: `docker (default)`, `podman`, the context's name. */
  name: z.string(),
  /** Where it was found. */
  source: z.enum(['context', 'environment', 'socket', 'config']),
  /** `unix:///run/docker.sock`, `tcp://…`, `ssh://…`, `npipe://…`. */
  address: z.string(),
  /** Whether the person's own `docker` would talk to it now. */
  current: z.boolean(),
  /** Whether it is reached over TLS with certificates that are checked. */
  tls: z.enum(['none', 'verified', 'unverified']),
  state: EndpointState,
});
export type Endpoint = z.infer<typeof Endpoint>;

/** What of a client's environment tells where its engines are: `DOCKER_*`, `CONTAINER_HOST`, `HOME`, `XDG_*`, `PATH`, `SSH_AUTH_SOCK`. */
export const EngineEnvironment = Environment;

/**
 * The engines that this client could use: found in files and sockets, not contacted. `looked`: each place that was
 * looked at and what was there, for a person who expected one. `problems`: files that cannot be read.
 */
export const listEndpoints = request(
  'endpoints/list',
  z.object({ environment: EngineEnvironment }),
  z.object({
    endpoints: z.array(Endpoint),
    looked: z.array(z.object({ place: z.string(), found: z.string() })),
    problems: z.array(z.object({ file: z.string(), message: z.string(), hint: z.string().optional() })),
  }),
);

/** The files that tell of endpoints have changed: {@link listEndpoints} gives others now. Sent to who has listed them. */
export const endpointsChanged = notification('endpoints/changed', 'agent', z.object({}));

/** Tries a failed endpoint again at once. */
export const retryEndpoint = request('endpoints/retry', z.object({ endpoint: SystemText }), z.object({}));
