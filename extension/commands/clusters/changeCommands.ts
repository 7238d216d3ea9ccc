import type { commands } from '../names';
import { deleteObjects } from './changing/deleteObjects';
import { drain } from './changing/draining';
import { marking } from './changing/marking';
import { showRollout } from './changing/rollouts';
import { showSecretValue } from './changing/secretValues';
import { plainly, rolledOut, scale, setImage } from './changing/workloads';
import type { ClusterParts } from './clusterCommands';

const deployments = ['deployments.apps'];
const suspended = ['cronjobs.batch', 'jobs.batch'];

/** The commands that change what a cluster has, by their keys. `first`: a menu's row; `second`: all selected. */
export function changeCommands(parts: ClusterParts) {
  const each =
    (act: (parts: ClusterParts, rows: readonly [unknown, unknown]) => Promise<void>) =>
    (first: unknown, second: unknown): Promise<void> =>
      act(parts, [first, second]);
  return {
    deleteObject: each(deleteObjects),
    scaleObject: each(scale),
    restartRollout: each(plainly({ do: 'restart' }, 'Restart What?', rolledOut, true)),
    showRollout: first => showRollout(parts, first),
    pauseRollout: each(plainly({ do: 'pauseRollout' }, 'Pause the Rollout of What?', deployments)),
    resumeRollout: each(plainly({ do: 'resumeRollout' }, 'Resume the Rollout of What?', deployments, true)),
    setImage: first => setImage(parts, first),
    runCronJob: each(plainly({ do: 'runNow' }, 'Run Which CronJob Now?', ['cronjobs.batch'])),
    suspendObject: each(plainly({ do: 'suspend' }, 'Suspend What?', suspended)),
    resumeObject: each(plainly({ do: 'resume' }, 'Resume What?', suspended)),
    cordonNode: each(plainly({ do: 'cordon' }, 'Cordon Which Node?', ['nodes'])),
    uncordonNode: each(plainly({ do: 'uncordon' }, 'Uncordon Which Node?', ['nodes'])),
    drainNode: first => drain(parts, first),
    labelObject: each(marking('label')),
    annotateObject: each(marking('annotate')),
    showSecretValue: first => showSecretValue(parts, first),
  } satisfies Partial<Record<keyof typeof commands, (first: unknown, second: unknown) => unknown>>;
}
