import type { HelmRelease, HelmRevision } from '../../../agent/protocol/clusterHelm';
import { ageText } from '../containers/measures';
import { pagesOf, type Rows } from '../inPages';
import {
  message,
  releaseNode,
  revisionNode,
  type ClusterNode,
  type ReleaseNode,
  type SectionNode,
} from './clusterNode';
import type { KnownReleases } from './helmReleases';
import { byName, byProblem } from './rowOrder';

/** The releases of a namespace, what is wrong first; `filter`: whether one is shown. */
export function releaseRows(
  node: SectionNode,
  known: KnownReleases | undefined,
  filter: (name: string) => boolean,
): Rows<ClusterNode> {
  if (known === undefined) return [message(`${node.id}/reading`, 'Reading…', { icon: 'clock' })];
  const troubles = known.problems.map((text, at) =>
    message(`${node.id}/trouble/${String(at)}`, text, { icon: 'warning', tooltip: text }),
  );
  const named = known.releases
    .filter(({ name }) => filter(name))
    .sort((a, b) => byName.compare(a.name, b.name));
  const releases = byProblem(named, release => release);
  if (releases.length === 0 && troubles.length === 0) return [message(`${node.id}/nothing`, 'None')];
  return [
    ...troubles,
    ...pagesOf(releases, node.id, ({ name }) => releaseNode(node.context, node.namespace ?? '', name)),
  ];
}

/** The revisions of a release, the newest first. */
export function revisionRows(node: ReleaseNode, revisions: readonly HelmRevision[]): ClusterNode[] {
  return revisions.map(revision => revisionNode(node, revision));
}

/** `shop-1.4.2 · deployed · revision 3 · 2 days`. */
export function releaseWords(
  { chart, status, revision, updatedAt, problem, description }: HelmRelease | HelmRevision,
  now: number,
  isRevision = false,
): string {
  const words = [
    isRevision ? '' : (chart ?? ''),
    status,
    isRevision ? (chart ?? '') : `revision ${String(revision)}`,
    updatedAt === undefined ? '' : ageText(now - updatedAt),
    problem?.message ?? (isRevision ? (description ?? '') : ''),
  ];
  return words.filter(word => word !== '').join(' · ');
}

/** All that is known of a release, or of one revision. */
export function releaseFacts(
  { chart, appVersion, status, revision, updatedAt, problem, description }: HelmRelease | HelmRevision,
  sayTime: (at: number) => string,
): string[] {
  return [
    ...(problem === undefined ? [] : [`${problem.reason}: ${problem.message}`, '']),
    ...(chart === undefined ? [] : [`chart: ${chart}`]),
    ...(appVersion === undefined ? [] : [`of version: ${appVersion}`]),
    `status: ${status}`,
    `revision: ${String(revision)}`,
    ...(updatedAt === undefined ? [] : [`updated: ${sayTime(updatedAt)}`]),
    ...(description === undefined || description === problem?.message ? [] : [`description: ${description}`]),
  ];
}
