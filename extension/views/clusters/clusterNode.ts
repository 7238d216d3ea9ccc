import type { HelmRevision } from '../../../agent/protocol/clusterHelm';
import type { PodContainer } from '../../../agent/protocol/clusterObjects';
import type { MoreRow } from '../inPages';
import type { SectionName } from './sections';

/**
 * A row of the Clusters view. It says which thing it stands for and nothing of how that is doing, so that the row of a
 * thing is one and the same while it changes: selection and expansion stay.
 */
export type ClusterNode =
  | ContextNode
  | NamespaceNode
  | SectionNode
  | KindNode
  | ObjectNode
  | PodContainerNode
  | ReleaseNode
  | RevisionNode
  | ForwardsNode
  | ForwardNode
  | MessageNode
  | (MoreRow<ClusterNode> & { readonly context?: undefined });

export interface ContextNode {
  readonly kind: 'context';
  readonly id: string;
  readonly context: string;
}

export interface NamespaceNode {
  readonly kind: 'namespace';
  readonly id: string;
  readonly context: string;
  readonly namespace: string;
}

/** Things that belong together: of a namespace or, without one, of the cluster. */
export interface SectionNode {
  readonly kind: 'section';
  readonly id: string;
  readonly context: string;
  readonly namespace?: string;
  readonly section: SectionName;
}

/** All of one kind, of a section that has too many kinds to be one list. */
export interface KindNode {
  readonly kind: 'kind';
  readonly id: string;
  readonly context: string;
  readonly namespace?: string;
  /** `Kind.id`. */
  readonly of: string;
}

/** One object. */
export interface ObjectNode {
  readonly kind: 'object';
  readonly id: string;
  readonly context: string;
  /** Of the table that it is in, which is of one namespace or of all. */
  readonly within?: string;
  /** `Kind.id`. */
  readonly of: string;
  readonly uid: string;
}

/** A container of a pod, as it was when the pod was unfolded or last changed. */
export interface PodContainerNode {
  readonly kind: 'container';
  readonly id: string;
  readonly context: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: PodContainer;
}

/** What Helm has installed under a name. */
export interface ReleaseNode {
  readonly kind: 'release';
  readonly id: string;
  readonly context: string;
  readonly namespace: string;
  readonly release: string;
}

/** One revision of it, as it was when the release was unfolded or last changed. */
export interface RevisionNode {
  readonly kind: 'revision';
  readonly id: string;
  readonly context: string;
  readonly namespace: string;
  readonly release: string;
  readonly revision: HelmRevision;
}

/** The forwarded ports of a context. */
export interface ForwardsNode {
  readonly kind: 'forwards';
  readonly id: string;
  readonly context: string;
}

/** One of them. */
export interface ForwardNode {
  readonly kind: 'forward';
  readonly id: string;
  readonly context: string;
  /** Of `forwardKey`. */
  readonly key: string;
}

/** A row that tells something; a click may do what helps. */
export interface MessageNode {
  readonly kind: 'message';
  readonly id: string;
  readonly context?: string;
  readonly text: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: string;
  readonly command?: { readonly command: string; readonly title: string; readonly arguments?: unknown[] };
}

export function contextNode(context: string): ContextNode {
  return { kind: 'context', id: idOf(context), context };
}

export function namespaceNode(context: string, namespace: string): NamespaceNode {
  return { kind: 'namespace', id: idOf(context, 'in', namespace), context, namespace };
}

export function sectionNode(
  context: string,
  section: SectionName,
  namespace: string | undefined,
): SectionNode {
  const id = idOf(context, ...placeOf(namespace), section);
  return { kind: 'section', id, context, section, ...(namespace !== undefined && { namespace }) };
}

export function kindNode(context: string, of: string, namespace: string | undefined): KindNode {
  const id = idOf(context, ...placeOf(namespace), 'kind', of);
  return { kind: 'kind', id, context, of, ...(namespace !== undefined && { namespace }) };
}

export function objectNode(context: string, of: string, uid: string, within: string | undefined): ObjectNode {
  const id = idOf(context, ...placeOf(within), of, uid);
  return { kind: 'object', id, context, of, uid, ...(within !== undefined && { within }) };
}

export function podContainerNode(
  pod: { readonly context: string; readonly namespace: string; readonly pod: string; readonly uid: string },
  container: PodContainer,
): PodContainerNode {
  const { context, namespace, pod: name, uid } = pod;
  const id = idOf(context, 'in', namespace, 'pods', uid, container.name);
  return { kind: 'container', id, context, namespace, pod: name, container };
}

export function releaseNode(context: string, namespace: string, release: string): ReleaseNode {
  const id = idOf(context, 'in', namespace, 'release', release);
  return { kind: 'release', id, context, namespace, release };
}

export function revisionNode(of: ReleaseNode, revision: HelmRevision): RevisionNode {
  const { context, namespace, release } = of;
  return {
    kind: 'revision',
    id: `${of.id}/${String(revision.revision)}`,
    context,
    namespace,
    release,
    revision,
  };
}

export function forwardsNode(context: string): ForwardsNode {
  return { kind: 'forwards', id: idOf(context, 'forwards'), context };
}

export function forwardNode(context: string, key: string): ForwardNode {
  return { kind: 'forward', id: idOf(context, 'forwards', key), context, key };
}

export function message(
  id: string,
  text: string,
  more: Omit<Partial<MessageNode>, 'kind' | 'id' | 'text'> = {},
): MessageNode {
  return { kind: 'message', id: `message/${id}`, text, ...more };
}

function placeOf(namespace: string | undefined): string[] {
  return namespace === undefined ? ['all'] : ['in', namespace];
}

/** Names may hold any character: encoded, so that no two things have one id. */
function idOf(...words: readonly string[]): string {
  return words.map(encodeURIComponent).join('/');
}
