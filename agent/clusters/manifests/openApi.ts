import type { Kind } from '../../protocol/clusters';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';

/** A schema as API servers write it: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3 */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly oneOf?: readonly Schema[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}

export type Schemas = Readonly<Record<string, Schema>>;

/** The schema of a kind, and those it refers to. */
export interface KindSchema {
  readonly schema: Schema;
  readonly all: Schemas;
}

/** Milliseconds that an answer counts: a CRD may change. */
const counts = 60_000;
const documents = new WeakMap<LiveCluster, Map<string, { at: number; schemas: Promise<Schemas> }>>();

/** The schema of a kind; undefined where the server gives none. */
export async function schemaOf(
  cluster: LiveCluster,
  { group, version, kind }: Pick<Kind, 'group' | 'version' | 'kind'>,
): Promise<KindSchema | undefined> {
  const all = await schemasOf(cluster, group === '' ? `api/${version}` : `apis/${group}/${version}`);
  const schema = Object.values(all).find(each =>
    each['x-kubernetes-group-version-kind']?.some(
      own => own.group === group && own.version === version && own.kind === kind,
    ),
  );
  return schema && { schema, all };
}

function schemasOf(cluster: LiveCluster, path: string): Promise<Schemas> {
  const known = documents.get(cluster) ?? new Map<string, { at: number; schemas: Promise<Schemas> }>();
  documents.set(cluster, known);
  const before = known.get(path);
  if (before !== undefined && performance.now() - before.at < counts) return before.schemas;
  const schemas = fetchSchemas(cluster, path);
  known.set(path, { at: performance.now(), schemas });
  schemas.catch(() => known.delete(path));
  return schemas;
}

async function fetchSchemas(cluster: LiveCluster, path: string): Promise<Schemas> {
  try {
    const ask = { path: `/openapi/v3/${path}`, deadline: 30_000 };
    const { components } = await cluster.api.json<{ components?: { schemas?: Schemas } }>(ask);
    return components?.schemas ?? {};
  } catch (error) {
    // A server that is too old, a group that is down, a user who may not read it: the dry run tells, too.
    if (error instanceof ApiRefusal) return {};
    throw error;
  }
}
