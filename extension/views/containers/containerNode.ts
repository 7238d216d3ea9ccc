import type { RowKind } from '../../../agent/protocol/containers';
import type { MoreRow } from '../inPages';

/**
 * A row of the Containers view. It says which thing it stands for and nothing of how that is doing, so that the row of
 * a thing is one and the same while it changes: selection and expansion stay.
 */
export type ContainerNode =
  | EndpointNode
  | SectionNode
  | BundleNode
  | ObjectNode
  | MessageNode
  | (MoreRow<ContainerNode> & { readonly endpoint?: undefined });

/** One engine. */
export interface EndpointNode {
  readonly kind: 'endpoint';
  readonly id: string;
  readonly endpoint: string;
}

/** All of a kind that an engine has. */
export interface SectionNode {
  readonly kind: 'section';
  readonly id: string;
  readonly endpoint: string;
  readonly of: RowKind;
}

/** Containers that belong together: by compose's project, its service, or a label. */
export interface BundleNode {
  readonly kind: 'bundle';
  readonly id: string;
  readonly endpoint: string;
  readonly by: BundledBy;
}

export type BundledBy =
  | { readonly project: string; readonly service?: string }
  | { readonly label: string; readonly value: string };

/** One thing of an engine. */
export interface ObjectNode {
  readonly kind: 'object';
  readonly id: string;
  readonly endpoint: string;
  readonly of: RowKind;
  /** The engine's id of it. */
  readonly object: string;
}

/** A row that tells something; a click may do what helps. */
export interface MessageNode {
  readonly kind: 'message';
  readonly id: string;
  readonly endpoint?: string;
  readonly text: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: string;
  readonly command?: { readonly command: string; readonly title: string; readonly arguments?: unknown[] };
}

export function endpointNode(endpoint: string): EndpointNode {
  return { kind: 'endpoint', id: idOf(endpoint), endpoint };
}

export function sectionNode(endpoint: string, of: RowKind): SectionNode {
  return { kind: 'section', id: idOf(endpoint, of), endpoint, of };
}

export function bundleNode(endpoint: string, by: BundledBy): BundleNode {
  const words =
    'label' in by
      ? ['label', by.label, by.value]
      : ['project', by.project, ...(by.service === undefined ? [] : [by.service])];
  return { kind: 'bundle', id: idOf(endpoint, ...words), endpoint, by };
}

export function objectNode(endpoint: string, of: RowKind, object: string): ObjectNode {
  return { kind: 'object', id: idOf(endpoint, of, object), endpoint, of, object };
}

/** Names may hold any character: encoded, so that no two things have one id. */
function idOf(...words: readonly string[]): string {
  return words.map(encodeURIComponent).join('/');
}
