import * as vscode from 'vscode';
import { actionCommand } from '../../../agent/protocol/containerActions';
import type { AgentClient } from '../../agent/agentClient';
import { actionsFor } from './actionsFor';
import type { Target, Targets } from './targets';
import { pick } from '../../quickInput';

/** Shows what can be done to some things as commands of the `docker` program; Enter copies one. */
export async function showAsCommand(
  { agent, targets }: { agent: AgentClient; targets: Targets },
  chosen: readonly [unknown, unknown],
): Promise<void> {
  const all = await targets.anything(chosen, 'Show as docker Command');
  const [first] = all;
  if (first === undefined) return;
  const same = all.filter(({ endpoint, row }) => endpoint === first.endpoint && row.kind === first.row.kind);
  const picked = await pick(commandsFor(agent, same, first), {
    title: 'As docker Command',
    placeHolder: 'Enter copies it',
    matchOnDetail: true,
  });
  if (picked === undefined) return;
  await vscode.env.clipboard.writeText(picked.command);
  vscode.window.setStatusBarMessage('Copied.', 3000);
}

async function commandsFor(agent: AgentClient, targets: readonly Target[], { endpoint, row }: Target) {
  const ids = targets.map(target => target.row.id).slice(0, 1000);
  return Promise.all(
    actionsFor(row).map(async ([label, action]) => {
      const { commands } = await agent.request(actionCommand, { endpoint, action, ids });
      const command = commands.join('\n');
      return { label, detail: command.replaceAll('\n', ' ⏎ '), command };
    }),
  );
}
