import * as vscode from 'vscode';
import { userName } from '../../agent/client/userName';
import { execIn } from '../../agent/protocol/containerActions';
import type { AgentClient } from '../agent/agentClient';
import type { AgentStreams } from '../agent/agentStreams';
import { ContainerTerminal } from './containerTerminal';

/** Opens a terminal with a command in a container; without a command, with the best shell that it has. */
export function openContainerTerminal(
  { agent, streams }: { agent: AgentClient; streams: AgentStreams },
  container: { readonly endpoint: string; readonly id: string; readonly name: string },
  command?: readonly string[],
): vscode.Terminal {
  const { endpoint, id, name } = container;
  const pty = new ContainerTerminal(
    {
      async open(terminal) {
        const by = userName(process.env);
        const words = command === undefined ? {} : { command: [...command] };
        const opened = await agent.request(execIn, { endpoint, container: id, terminal, by, ...words });
        return { stream: opened.stream, title: `${name}: ${programOf(opened.command)}` };
      },
    },
    streams,
  );
  const icon = new vscode.ThemeIcon('server-environment');
  const terminal = vscode.window.createTerminal({ name, pty, iconPath: icon, isTransient: true });
  terminal.show();
  return terminal;
}

function programOf(command: readonly string[]): string {
  return command[0]?.split('/').at(-1) ?? 'shell';
}
