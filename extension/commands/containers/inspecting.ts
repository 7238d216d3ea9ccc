import * as vscode from 'vscode';
import { stringify } from 'yaml';
import { inspectObject, listProcesses } from '../../../agent/protocol/containers';
import type { AgentClient } from '../../agent/agentClient';
import { isUp } from '../../views/containers/containerWords';
import { commands } from '../names';
import { environmentText, variablesOf, withoutValues } from './environmentText';
import { objectName } from '../../views/containers/objectWords';
import type { Target, Targets } from './targets';
import { textPageScheme, type TextPages } from './textPages';
import { textTable } from './textTable';

interface Ports {
  readonly agent: AgentClient;
  readonly targets: Targets;
  readonly texts: TextPages;
}

/** Shows all that an engine tells of a thing, values of variables masked. */
export async function inspect(
  { agent, targets, texts }: Ports,
  chosen: readonly [unknown, unknown],
  form: 'yaml' | 'json',
): Promise<void> {
  for (const target of (await targets.anything(chosen, 'Inspect')).slice(0, pagesAtOnce)) {
    const found = withoutValues(await read(agent, target));
    const text =
      form === 'json' ? `${JSON.stringify(found, undefined, 2)}\n` : stringify(found, { lineWidth: 0 });
    await texts.show(`${objectName(target.row)}.${form}`, keyOf(target), text);
  }
}

const pagesAtOnce = 10;

/** Shows the processes within a container. */
export async function showProcesses({ agent, targets, texts }: Ports, first: unknown): Promise<void> {
  const target = await targets.container(first, 'Processes of Which Container?', isUp);
  if (target === undefined) return;
  const { titles, processes } = await agent.request(listProcesses, {
    endpoint: target.endpoint,
    container: target.row.id,
  });
  await texts.show(`${target.row.name} top.txt`, keyOf(target), textTable(titles, processes));
}

/** Shows the variables of a container, masked until asked otherwise. */
export async function showEnvironment({ agent, targets, texts }: Ports, first: unknown): Promise<void> {
  const target = await targets.container(first, 'Environment of Which Container?', () => true);
  if (target === undefined) return;
  const variables = variablesOf(await read(agent, target));
  await texts.show(
    `${target.row.name}.${environmentEnding}`,
    keyOf(target),
    environmentText(variables, false),
  );
}

const environmentEnding = 'environment';

/** Shows the values of the environment that is shown masked. */
export async function revealEnvironment(
  { agent, texts }: Pick<Ports, 'agent' | 'texts'>,
  page: unknown,
): Promise<void> {
  if (!(page instanceof vscode.Uri) || page.scheme !== textPageScheme)
    throw new Error('Show the environment of a container first.');
  const [endpoint, id] = JSON.parse(page.query) as [string, string];
  const { found } = await agent.request(inspectObject, { endpoint, kind: 'container', id });
  texts.put(page, environmentText(variablesOf(found), true));
}

/** Above the variables of a container: a way to see their values. */
export const environmentLenses: vscode.CodeLensProvider = {
  provideCodeLenses({ uri }) {
    if (!uri.path.endsWith(`.${environmentEnding}`)) return [];
    const command = { command: commands.revealEnvironment, title: 'Show Values', arguments: [uri] };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
  },
};

async function read(agent: AgentClient, { endpoint, row }: Target): Promise<Record<string, unknown>> {
  return (await agent.request(inspectObject, { endpoint, kind: row.kind, id: row.id })).found;
}

function keyOf({ endpoint, row }: Target): string {
  return JSON.stringify([endpoint, row.id]);
}
