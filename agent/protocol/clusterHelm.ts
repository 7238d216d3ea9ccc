import * as z from 'zod';
import { Problem } from './clusters';
import { request } from './message';
import { SystemText } from './system';

// What Helm has installed, as it notes that in Secrets or ConfigMaps of the cluster. Nothing here changes anything.

/** One revision of a release. */
export const HelmRevision = z.object({
  revision: z.number().int(),
  /** As Helm says it: `deployed`, `superseded`, `failed`, `pending-upgrade`. */
  status: z.string(),
  /** `redis-19.0.1`; absent where its record cannot be read. */
  chart: z.string().optional(),
  /** Of what the chart installs. */
  appVersion: z.string().optional(),
  /** Milliseconds since 1970. */
  updatedAt: z.number().optional(),
  /** `Upgrade complete`, or why not. */
  description: z.string().optional(),
  /** That it failed, or is not done, or that its record cannot be read. */
  problem: Problem.optional(),
});
export type HelmRevision = z.infer<typeof HelmRevision>;

/** A release, by its last revision. */
export const HelmRelease = HelmRevision.extend({ name: z.string(), namespace: z.string() });
export type HelmRelease = z.infer<typeof HelmRelease>;

const Namespace = z.object({ context: SystemText, namespace: SystemText });

/** The releases of a namespace, by name. `problems`: places that this user may not read, with the missing verb. */
export const listReleases = request(
  'clusters/releases',
  Namespace,
  z.object({ releases: z.array(HelmRelease), problems: z.array(z.string()) }),
);

/** The revisions of a release, the newest first; at most 50. */
export const listRevisions = request(
  'clusters/revisions',
  Namespace.extend({ release: SystemText }),
  z.object({ revisions: z.array(HelmRevision) }),
);

/** What can be read of a release. `values`: those that a person gave; `allValues`: with the chart's own below them. */
export const ReleasePart = z.enum(['values', 'allValues', 'manifest', 'notes']);
export type ReleasePart = z.infer<typeof ReleasePart>;

/**
 * A part of a release as text: YAML, of notes plain text. Without `revision`: of the last one. What is secret in it (Secrets,
 * values whose names say so, and where those appear again) is `***` unless `reveal`, which is in the audit log.
 */
export const readRelease = request(
  'clusters/release',
  Namespace.extend({
    release: SystemText,
    revision: z.number().int().optional(),
    part: ReleasePart,
    reveal: z.boolean().default(false),
    by: SystemText,
  }),
  z.object({ text: z.string(), revision: z.number().int() }),
);
