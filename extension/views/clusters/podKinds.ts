import type { PodKind } from '../../../agent/runbook/podTarget';

/** Kinds whose pods a cell can run in, as the view and as targets call them. */
const kinds: Readonly<Record<string, PodKind>> = {
  pods: 'pod',
  'deployments.apps': 'deploy',
  'statefulsets.apps': 'sts',
  'daemonsets.apps': 'ds',
  'replicasets.apps': 'rs',
  'jobs.batch': 'job',
  services: 'svc',
};

/** What a target calls things of a kind; undefined where no cell can run in them. */
export function podKindOf(kind: string): PodKind | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}
