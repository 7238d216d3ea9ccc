import { parse } from 'yaml';
import { getObject } from '../../../../agent/protocol/clusterObjects';
import type { ClusterAction } from '../../../../agent/protocol/clusterActions';
import { askText, pick } from '../../../quickInput';
import type { ChosenObject } from '../chosen';
import { checkMayChange } from '../checkMayChange';
import type { ClusterParts } from '../clusterCommands';
import { actOnChosen } from './actOnChosen';
import { wordObject } from './confirmChange';
import { followRollout } from './followRollout';
import { objectsOf, type Rows } from './objectsOf';

const scaled = ['deployments.apps', 'statefulsets.apps', 'replicasets.apps', 'replicationcontrollers'];

/** Asks for how many replicas there are to be. */
export async function scale(parts: ClusterParts, rows: Rows): Promise<void> {
  const chosen = await objectsOf(parts, rows, 'Scale What?', kind => scaled.includes(kind));
  const [first] = chosen;
  if (first === undefined) return;
  await checkMayChange(parts, chosen, 'scale');
  const now = chosen.length === 1 ? await replicasOf(parts, first) : undefined;
  const typed = await askText({
    title: `Scale ${chosen.length === 1 ? wordObject(first) : `${String(chosen.length)} workloads`}`,
    prompt: now === undefined ? 'Replicas' : `Replicas; now ${String(now)}`,
    ...(now !== undefined && { value: String(now) }),
    validateInput: text => (/^\d{1,5}$/.test(text.trim()) ? undefined : 'A number from 0 to 99999.'),
  });
  if (typed === undefined || Number(typed) === now) return;
  await actOnChosen(parts, { do: 'scale', replicas: Number(typed) }, chosen);
}

async function replicasOf(
  { agent }: ClusterParts,
  { context, object }: ChosenObject,
): Promise<number | undefined> {
  const { yaml } = await agent.request(getObject, { context, object, by: 'editor' });
  const { spec } = parse(yaml) as { spec?: { replicas?: number } };
  return spec?.replicas;
}

/** An action that asks for nothing; `follows`: how its rollout goes is told after. */
export function plainly(
  action: ClusterAction,
  title: string,
  kinds: readonly string[],
  follows = false,
): (parts: ClusterParts, rows: Rows) => Promise<void> {
  return async (parts, rows) => {
    const chosen = await objectsOf(parts, rows, title, kind => kinds.includes(kind));
    if (chosen.length === 0) return;
    const [only, ...others] = chosen;
    const isDone = await actOnChosen(parts, action, chosen);
    if (follows && isDone && only !== undefined && others.length === 0) await followRollout(parts, only);
  };
}

/** Asks for an image for one of a workload's containers. */
export async function setImage(parts: ClusterParts, first: unknown): Promise<void> {
  const [chosen] = await objectsOf(parts, [first, undefined], 'Set the Image of What?', kind =>
    templated.includes(kind),
  );
  if (chosen === undefined) return;
  await checkMayChange(parts, [chosen], 'image');
  const containers = await containersOf(parts, chosen);
  const items = containers.map(({ name, image }) => ({ label: name, description: image, image }));
  const one =
    items.length === 1 ? items[0] : await pick(items, { title: `Which Container of ${chosen.object.name}?` });
  if (one === undefined) return;
  const image = await askText({
    title: `Image of ${chosen.object.name}/${one.label}`,
    value: one.image,
    validateInput: text => (/^\S+$/.test(text.trim()) ? undefined : 'An image has a name without blanks.'),
  });
  if (image === undefined || image.trim() === one.image) return;
  const action = { do: 'setImage', container: one.label, image: image.trim() } as const;
  if (await actOnChosen(parts, action, [chosen])) await followRollout(parts, chosen);
}

const templated = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'];

async function containersOf(
  { agent }: ClusterParts,
  { context, object }: ChosenObject,
): Promise<{ name: string; image: string }[]> {
  const { yaml } = await agent.request(getObject, { context, object, by: 'editor' });
  const { spec } = parse(yaml) as {
    spec?: { template?: { spec?: { containers?: { name: string; image?: string }[] } } };
  };
  return (spec?.template?.spec?.containers ?? []).map(({ name, image = '' }) => ({ name, image }));
}

/** What has a rollout. */
export const rolledOut: readonly string[] = templated;
