import { join } from 'node:path';
import type { AgentCommand } from '../../agent/client/startAgent';

/**
 * The command that starts the agent: the person's Node where the setting names one, else the program that VS Code
 * runs extensions on, which is a Node when ELECTRON_RUN_AS_NODE is set.
 */
export function startCommand(extensionPath: string, node: string): AgentCommand {
  return {
    command: node === '' ? process.execPath : node,
    args: [join(extensionPath, 'dist', 'agent.js')],
    env: node === '' ? { ELECTRON_RUN_AS_NODE: '1' } : {},
  };
}
