import * as vscode from 'vscode';
import { objectCommand, type ClusterAction } from '../../../agent/protocol/clusterActions';
import { describeObject } from '../../../agent/protocol/clusterObjects';
import { pick } from '../../quickInput';
import { objectOf } from './chosen';
import type { ClusterParts } from './clusterCommands';

/** Shows what there is to tell of an object, as text that cannot be written to. */
export async function describe(parts: ClusterParts, first: unknown): Promise<void> {
  const chosen = await objectOf(parts, first, 'Describe What?');
  if (chosen === undefined) return;
  const { context, object } = chosen;
  const { text } = await parts.agent.request(describeObject, { context, object });
  const key = JSON.stringify([context, object.kind, object.namespace ?? '', object.name]);
  await parts.texts.show(`${object.name} describe.txt`, key, text);
}

/** Shows what can be done to an object as commands of `kubectl`; Enter copies one. */
export async function showAsKubectl(parts: ClusterParts, first: unknown): Promise<void> {
  const chosen = await objectOf(parts, first, 'Show What as kubectl Command?');
  if (chosen === undefined) return;
  const { context, object } = chosen;
  const items = Promise.all(
    actionsOn(object.kind).map(async ([label, action]) => {
      const { commands } = await parts.agent.request(objectCommand, { context, action, objects: [object] });
      return { label, detail: commands.join(' ⏎ '), command: commands.join('\n') };
    }),
  );
  const picked = await pick(items, {
    title: 'As kubectl Command',
    placeHolder: 'Enter copies it',
    matchOnDetail: true,
  });
  if (picked === undefined) return;
  await vscode.env.clipboard.writeText(picked.command);
  vscode.window.setStatusBarMessage('Copied.', 3000);
}

/** What can be done to a kind without anything to be asked first. */
export function actionsOn(kind: string): (readonly [string, ClusterAction])[] {
  const own = [...rolled, ...byKind].flatMap(([label, action, kinds]) =>
    kinds.includes(kind) ? [[label, action] as const] : [],
  );
  return [...own, ['Delete', { do: 'delete', propagation: 'background' }]];
}

type Offered = readonly [string, ClusterAction, readonly string[]];

const workloads = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'];
const rolled: readonly Offered[] = [
  ['Restart', { do: 'restart' }, workloads],
  ['Undo Rollout', { do: 'undoRollout' }, workloads],
  ['Pause Rollout', { do: 'pauseRollout' }, ['deployments.apps']],
  ['Resume Rollout', { do: 'resumeRollout' }, ['deployments.apps']],
];
const byKind: readonly Offered[] = [
  ['Run Now', { do: 'runNow' }, ['cronjobs.batch']],
  ['Suspend', { do: 'suspend' }, ['cronjobs.batch', 'jobs.batch']],
  ['Resume', { do: 'resume' }, ['cronjobs.batch', 'jobs.batch']],
  ['Cordon', { do: 'cordon' }, ['nodes']],
  ['Uncordon', { do: 'uncordon' }, ['nodes']],
];
