import * as vscode from 'vscode';
import type { AgentStreams } from '../agent/agentStreams';
import { ContainerTerminal, type TerminalSource } from '../containers/containerTerminal';

/** Opens a terminal in a pod. `open` asks the agent; undefined where the person does not want it after all. */
export function openPodTerminal(
  streams: AgentStreams,
  name: string,
  open: (
    size: Parameters<TerminalSource['open']>[0],
  ) => Promise<{ stream: number; title: string; command?: string } | undefined>,
  { stays = false }: Pick<TerminalSource, 'stays'> = {},
): vscode.Terminal {
  const source: TerminalSource = {
    stays,
    async open(size) {
      const opened = await open(size);
      if (opened === undefined) throw new Error('not opened: the context is production');
      return opened;
    },
  };
  const pty = new ContainerTerminal(source, streams);
  const iconPath = new vscode.ThemeIcon('server-process');
  const terminal = vscode.window.createTerminal({ name, pty, iconPath, isTransient: true });
  terminal.show();
  return terminal;
}
