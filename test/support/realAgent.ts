import { connectAgent, type ConnectOptions } from '../../agent/client/connectAgent';
import type { AgentConnection } from '../../agent/client/connection';
import { type Folders, handrailFolders } from '../../agent/folders';
import type { ParamsOf } from '../../agent/protocol/message';
import type { startRun } from '../../agent/protocol/runs';
import { endProcessesWith } from './processesWith';
import { temporaryFolder } from './temporaryFolder';

/** A home of its own for real agents, which end with it. */
export interface AgentHome extends AsyncDisposable {
  readonly path: string;
  readonly folders: Folders;
  /** Environment of agents and of what starts them. */
  readonly env: Readonly<Record<string, string>>;
  /** Connects to the agent of this home and starts it if need be. */
  connect(change?: Partial<ConnectOptions>): Promise<AgentConnection>;
}

/** `agent` is the path of its bundle. */
export async function agentHome(agent: string, env: Record<string, string> = {}): Promise<AgentHome> {
  const home = await temporaryFolder('handrail-home');
  const folders = handrailFolders({ HANDRAIL_HOME: home.path });
  const own = { ...env, HANDRAIL_HOME: home.path };
  const start = { command: process.execPath, args: [agent], env: own };
  return {
    path: home.path,
    folders,
    env: own,
    connect: change =>
      connectAgent({ folders, client: { id: 'test', kind: 'test' }, trusted: true, start, ...change }),
    [Symbol.asyncDispose]: async () => {
      await endProcessesWith('HANDRAIL_HOME', home.path);
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Request to run a text in a folder, as the terminal would do it. */
export function runOf(text: string, folder: string): ParamsOf<typeof startRun> {
  return {
    file: `${folder}/a.md`,
    text,
    selection: { kind: 'all' },
    environment: {
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, HANDRAIL_HOME: folder },
      cwd: folder,
      umask: 0o022,
      user: 'ana',
    },
    by: 'cli',
    session: 'own',
    attended: false,
  };
}
