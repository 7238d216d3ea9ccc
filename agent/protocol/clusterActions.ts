import * as z from 'zod';
import { ActionOutcome } from './containerActions';
import { ObjectRef } from './clusterObjects';
import { request } from './message';
import { SystemText } from './system';

// What a person can do to what a cluster has. Each is in the audit log with who, context and outcome.

const slow = { answerMs: 15 * 60_000 };

const LabelChange = z.object({
  /** A value, or null to take it away. */
  changes: z.record(SystemText, SystemText.nullable()),
});

/** Done to objects, one by one. */
export const ClusterAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('scale'), replicas: z.number().int().min(0).max(100_000) }),
  /** Rollouts of Deployments, StatefulSets, DaemonSets. */
  z.object({ do: z.literal('restart') }),
  z.object({ do: z.literal('pauseRollout') }),
  z.object({ do: z.literal('resumeRollout') }),
  /** `revision`: the one before, if absent. */
  z.object({ do: z.literal('undoRollout'), revision: z.number().int().positive().optional() }),
  z.object({ do: z.literal('setImage'), container: SystemText, image: SystemText }),
  /** CronJobs and Jobs. */
  z.object({ do: z.literal('suspend') }),
  z.object({ do: z.literal('resume') }),
  /** Of a CronJob: a Job now. `name` of the new Job; made up if absent. */
  z.object({ do: z.literal('runNow'), name: SystemText.optional() }),
  z.object({
    do: z.literal('delete'),
    propagation: z.enum(['background', 'foreground', 'orphan']).default('background'),
    /** Seconds to end by itself; the object's own if absent. 0 is by force. */
    grace: z.number().int().min(0).optional(),
  }),
  z.object({ do: z.literal('removeFinalizers') }),
  z.object({ do: z.literal('cordon') }),
  z.object({ do: z.literal('uncordon') }),
  LabelChange.extend({ do: z.literal('label') }),
  LabelChange.extend({ do: z.literal('annotate') }),
]);
export type ClusterAction = z.infer<typeof ClusterAction>;

/**
 * Does it to each, at most 8 at once; an outcome for each, in the order given, by its `id`: `kind/namespace/name`. A
 * context that is `readOnly` refuses; one that is `production` wants its name as `confirmed`, as the person typed it.
 */
export const actOnObjects = request(
  'clusters/act',
  z.object({
    context: SystemText,
    action: ClusterAction,
    objects: z.array(ObjectRef).min(1).max(1000),
    confirmed: SystemText.optional(),
    by: SystemText,
  }),
  z.object({ outcomes: z.array(ActionOutcome) }),
  slow,
);

/** The same as commands of `kubectl`, one a line, with context and namespace, quoted for a shell; for showing and copying. */
export const objectCommand = request(
  'clusters/command',
  z.object({ context: SystemText, action: ClusterAction, objects: z.array(ObjectRef).min(1).max(1000) }),
  z.object({ commands: z.array(z.string()) }),
);
