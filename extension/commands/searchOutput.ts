import * as vscode from 'vscode';
import { searchRuns } from '../../agent/protocol/history';
import type { ResultOf } from '../../agent/protocol/message';
import { sayWhen } from '../../agent/protocol/words';
import { runbookName } from '../../agent/runbook/runbookName';
import type { AgentClient } from '../agent/agentClient';
import { errorText } from '../agent/errorText';
import { stepMark } from '../notebook/stepWords';
import { createPick, fillPick, type ShownItem } from '../quickInput';
import type { StepPlace } from './stepCommands';

type Hit = ResultOf<typeof searchRuns>['hits'][number];
type HitItem = vscode.QuickPickItem & { readonly place?: StepPlace };

/** Between two keys; a search takes some milliseconds. */
const pauseMs = 150;

/** Looks in what cells printed and in their text, as the person types; gives the step that was chosen. */
export function searchOutput(agent: AgentClient): Promise<StepPlace | undefined> {
  const box = createPick<HitItem>('Search in Output', 'Words that a cell printed, or "…" as they stand');
  let timer: NodeJS.Timeout | undefined;
  let search = new AbortController();
  const begin = () => {
    clearTimeout(timer);
    search.abort();
    search = new AbortController();
    const { signal } = search;
    timer = setTimeout(() => void fill(box, agent, signal), pauseMs);
  };
  return new Promise(resolve => {
    const subscriptions = vscode.Disposable.from(
      box.onDidChangeValue(begin),
      box.onDidAccept(() => {
        resolve(box.selectedItems[0]?.item.place);
        box.hide();
      }),
      box.onDidHide(() => {
        clearTimeout(timer);
        search.abort();
        resolve(undefined);
        subscriptions.dispose();
        box.dispose();
      }),
    );
    box.show();
  });
}

type Box = vscode.QuickPick<ShownItem<HitItem>>;

/** Never rejects. A search that was overtaken by the next one, or whose box is closed, shows nothing. */
async function fill(box: Box, agent: AgentClient, signal: AbortSignal): Promise<void> {
  const query = box.value.trim();
  if (query === '') {
    fillPick(box, []);
    // The search that showed it as busy was called off and does not say so.
    box.busy = false;
    return;
  }
  box.busy = true;
  try {
    const { hits, more } = await agent.request(searchRuns, { query }, signal);
    if (!signal.aborted) fillPick(box, itemsOf(hits, more, Date.now()));
  } catch (error) {
    if (!signal.aborted) fillPick(box, [message(`The search failed: ${errorText(error)}`)]);
  } finally {
    if (!signal.aborted) box.busy = false;
  }
}

function itemsOf(hits: readonly Hit[], more: boolean, now: number): HitItem[] {
  if (hits.length === 0) return [message('Nothing that a cell printed has these words in it.')];
  const items = hits.map(({ run, step, name, state, excerpt }) => ({
    label: `${stepMark(state)} ${name}`,
    description: `${runbookName(run.file)} · ${sayWhen(run.startedAt, now)}`,
    detail: excerpt.replace(/\s+/g, ' ').trim(),
    place: { run: run.id, step },
    alwaysShow: true,
  }));
  return more ? [...items, message('There is more: add a word.')] : items;
}

function message(label: string): HitItem {
  return { label, alwaysShow: true };
}
