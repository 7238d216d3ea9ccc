/** What a list or a watch gives that asked for a Table: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
export interface ServerTable {
  readonly kind?: string;
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  /** Null in all events of a watch but the first. */
  readonly columnDefinitions?:
    | readonly {
        readonly name: string;
        readonly type: string;
        readonly priority?: number;
        readonly description?: string;
      }[]
    | null;
  readonly rows?: readonly ServerRow[] | null;
}

export interface ServerRow {
  readonly cells: readonly unknown[];
  readonly object?: KubeObject;
}

/** An object, or its metadata alone. */
export interface KubeObject {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
}

export interface ObjectMeta {
  readonly uid?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly {
    readonly uid: string;
    readonly kind: string;
    readonly name: string;
    readonly controller?: boolean;
  }[];
}

/** Asks for tables; a server that has none gives a list. */
export const tableAccept =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

/** A plain list as a table with names alone: of API servers that print nothing. */
export function asTable(answer: ServerTable & { readonly items?: readonly KubeObject[] }): ServerTable {
  if (answer.kind === 'Table' || answer.items === undefined) return answer;
  return {
    ...(answer.metadata && { metadata: answer.metadata }),
    columnDefinitions: plainColumns,
    rows: answer.items.map(plainRow),
  };
}

/** An object of an API server that prints nothing, as a row. */
export function plainRow(object: KubeObject): ServerRow {
  return { cells: [object.metadata?.name ?? '', null], object };
}

export const plainColumns = [
  { name: 'Name', type: 'string', priority: 0 },
  { name: 'Age', type: 'string', priority: 0 },
] as const;
