import * as z from 'zod';
import { ObjectRef } from './clusterObjects';
import { ActionOutcome } from './containerActions';
import { request } from './message';
import { AbsolutePath, SystemText } from './system';

// Manifests in files beside what a cluster runs: compared, applied, and single objects edited.

const slow = { answerMs: 15 * 60_000 };

/** Something wrong with a manifest, and where; lines and columns from 1. */
export const ManifestProblem = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string().optional(),
});
export type ManifestProblem = z.infer<typeof ManifestProblem>;

/** A field that somebody else has set, and to something else. */
export const FieldConflict = z.object({
  /** `.spec.replicas`, as the API server writes it. */
  field: z.string(),
  /** Who: a field manager, `kubectl-edit`, `argocd-controller`. */
  manager: z.string(),
  message: z.string(),
});
export type FieldConflict = z.infer<typeof FieldConflict>;

/** One object of a folder, or of a cluster, and how the two differ. */
export const ComparedObject = z.object({
  /** `kind/namespace/name`. */
  id: z.string(),
  object: ObjectRef,
  /** Where its manifest begins; absent for one that only the cluster has. */
  file: z.string().optional(),
  line: z.number().int().optional(),
  /**
   * `changed`: applying would change it; `missing`: the cluster has none; `extra`: the set had applied it and the folder
   * no longer has it; `failed`: it could not be found out.
   */
  state: z.enum(['inSync', 'changed', 'missing', 'extra', 'failed']),
  message: z.string().optional(),
  hint: z.string().optional(),
  /** Whether `failed` is for the manifest's own sake, not for the cluster's. */
  invalid: z.boolean(),
  /** As YAML: what runs, and what would run after applying. Values of Secrets are `***`. Empty where there is none. */
  before: z.string(),
  after: z.string(),
  /** From one to the other, as a unified diff. */
  diff: z.string(),
  conflicts: z.array(FieldConflict),
});
export type ComparedObject = z.infer<typeof ComparedObject>;

const Asked = {
  context: SystemText,
  /** A file or a folder. */
  path: AbsolutePath,
  /** For manifests that name none; the context's own, if absent. */
  namespace: SystemText.optional(),
};

/** How the manifests of a file or folder compare with what runs, by the server's own dry run. Changes nothing. */
export const compareManifests = request(
  'clusters/compare',
  z.object({
    ...Asked,
    /** For applying as this set (see {@link applyManifests}), not for looking for drift. */
    set: SystemText.optional(),
    forApply: z.boolean().default(false),
  }),
  z.object({
    objects: z.array(ComparedObject),
    problems: z.array(ManifestProblem),
    /** `kustomize`: the folder has a kustomization, and this is what came of it. */
    madeBy: z.enum(['files', 'kustomize']),
    /** Stands for all that is shown here; {@link applyManifests} wants it back. */
    digest: z.string(),
  }),
  slow,
);

/** What becomes of fields that somebody else has set. */
export const ConflictChoice = z.enum(['leave', 'takeOver']);
export type ConflictChoice = z.infer<typeof ConflictChoice>;

/**
 * Applies what a comparison `forApply` has shown, and nothing else: where another would come of it now, it is refused.
 * With `set` the objects are labelled as members of a set (https://kep.k8s.io/3659), and members that the folder no longer
 * has are removed where `prune` names their ids. A conflict without a choice keeps its object from being applied.
 */
export const applyManifests = request(
  'clusters/apply',
  z.object({
    ...Asked,
    set: SystemText.optional(),
    digest: z.string(),
    /** By ids. */
    choices: z.record(SystemText, ConflictChoice).default({}),
    prune: z.array(SystemText).max(10_000).default([]),
    confirmed: SystemText.optional(),
    by: SystemText,
  }),
  z.object({ outcomes: z.array(ActionOutcome) }),
  slow,
);

/**
 * One object that a person has edited as text. Only what differs between `before`, the text that was opened, and `after` is
 * changed; what others have changed meanwhile stays. `apply` false: a dry run.
 */
export const editObject = request(
  'clusters/edit',
  z.object({
    context: SystemText,
    object: ObjectRef,
    uid: SystemText,
    before: z.string(),
    after: z.string(),
    apply: z.boolean(),
    /** For fields that somebody else has changed since `before`. */
    choice: ConflictChoice.optional(),
    confirmed: SystemText.optional(),
    by: SystemText,
  }),
  z.object({
    /** `invalid` has problems, `conflict` conflicts and no choice was made. */
    outcome: z.enum(['unchanged', 'changed', 'invalid', 'conflict']),
    problems: z.array(ManifestProblem),
    conflicts: z.array(FieldConflict),
    /** Who else set the fields that are changed, and may set them back. */
    owners: z.array(FieldConflict),
    /** What runs, and what will (or does, after `apply`), as YAML; values of Secrets are `***`. */
    live: z.string(),
    result: z.string(),
  }),
  slow,
);
