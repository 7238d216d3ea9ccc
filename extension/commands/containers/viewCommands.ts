import * as vscode from 'vscode';
import type { EngineFeed } from '../../agent/engineFeed';
import { labelsOf, type Grouping } from '../../views/containers/containerTree';
import type { TreeChoices } from '../../views/containers/treeChoices';
import { askText, pick } from '../../quickInput';

/** Asks for a text that containers, images … are filtered by. */
export async function askContainerFilter(choices: TreeChoices): Promise<void> {
  const filter = await askText({
    title: 'Filter Containers',
    prompt: 'Parts of a name, an image, a project, a state, a label’s value',
    value: choices.now.filter,
  });
  if (filter !== undefined) await choices.set({ filter: filter.trim() });
}

/** Asks how containers are put together. */
export async function askGrouping(feed: EngineFeed, choices: TreeChoices): Promise<void> {
  const { grouping } = choices.now;
  const mark = (own: Grouping) =>
    JSON.stringify(own) === JSON.stringify(grouping) ? { description: 'now' } : {};
  const fixed: (vscode.QuickPickItem & { grouping?: Grouping })[] = [
    { label: 'Compose project and service', grouping: { by: 'project' }, ...mark({ by: 'project' }) },
    { label: 'Nothing', detail: 'one flat list', grouping: { by: 'nothing' }, ...mark({ by: 'nothing' }) },
    { label: 'Labels', kind: vscode.QuickPickItemKind.Separator },
  ];
  const rows = (feed.found?.endpoints ?? []).flatMap(({ id }) => [
    ...(feed.mirror(id)?.rows('container').values() ?? []),
  ]);
  const labels = labelsOf(rows).map(({ label, count }) => {
    const own: Grouping = { by: 'label', label };
    return { label, description: `${String(count)} have it`, grouping: own, ...mark(own) };
  });
  const chosen = await pick([...fixed, ...labels], { title: 'Group Containers By' });
  if (chosen?.grouping !== undefined) await choices.set({ grouping: chosen.grouping });
}
