import { join } from 'node:path';
import { connectAgent } from '../../agent/client/connectAgent';
import type { AgentConnection } from '../../agent/client/connection';
import { handrailFolders, type Folders } from '../../agent/folders';
import type { ParamsOf } from '../../agent/protocol/message';
import type { startRun } from '../../agent/protocol/runs';
import { type Rendezvous, rendezvous } from '../../agent/rendezvous';
import { openDoor } from '../../agent/server/door';
import { LazyEngine } from '../../agent/server/lazyEngine';
import { LocalAgent } from '../../agent/server/localAgent';
import type { Log } from '../../agent/server/log';
import { openStore } from '../../agent/store/openStore';
import { productVersion } from '../../agent/version';
import { ScriptedRuns } from './scriptedRuns';
import { temporaryFolder } from './temporaryFolder';

/** A real server and store in this process, on a socket of its own, with runs that do what a test says. */
export interface ScriptedAgent extends AsyncDisposable {
  readonly folders: Folders;
  readonly place: Rendezvous;
  readonly agent: LocalAgent;
  readonly runs: ScriptedRuns;
  /** Constant texts of what was logged. */
  readonly logged: string[];
  /** Why it was asked to leave. */
  readonly left: string[];
  connect(trusted?: boolean): Promise<AgentConnection>;
}

export async function startScriptedAgent(): Promise<ScriptedAgent> {
  const home = await temporaryFolder('handrail-server');
  const folders = handrailFolders({ HANDRAIL_HOME: home.path });
  const place = rendezvous(folders, productVersion);
  const store = openStore(folders.data);
  const runs = new ScriptedRuns(store);
  const logged: string[] = [];
  const left: string[] = [];
  const agent = new LocalAgent({
    version: productVersion,
    folders,
    log: recordingLog(logged),
    engine: new LazyEngine(() => ({ store, runs, close: () => runs.close() })),
    leave: reason => void left.push(reason),
    handshakeDeadline: 300,
  });
  agent.openEngine();
  const door = await openDoor(place, agent.log, {
    enter: (wire, token) => agent.serve(wire, token),
    isNeeded: () => true,
    restored: () => undefined,
    displaced: () => undefined,
  });
  return {
    folders,
    place,
    agent,
    runs,
    logged,
    left,
    connect: (trusted = true) => connectAgent({ folders, client: { id: 'test', kind: 'test' }, trusted }),
    [Symbol.asyncDispose]: async () => {
      await agent.dismissClients('end of test');
      door?.close();
      door?.release();
      await runs.close();
      store.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** What it takes to start a run of `steps` steps. */
export function aRun(steps = 1): ParamsOf<typeof startRun> {
  return {
    file: join('/', 'nowhere', 'a.md'),
    text: '',
    selection: { kind: 'cells', indexes: Array.from({ length: steps }, (_, index) => index) },
    environment: { env: {}, cwd: '/', umask: 0o022, user: 'ana' },
    by: 'cli',
    session: 'own',
    attended: false,
  };
}

function recordingLog(logged: string[]): Log {
  return {
    info: text => void logged.push(text),
    warn: text => void logged.push(text),
    error: (text, error) => void logged.push(`${text}: ${String(error)}`),
    close: () => undefined,
  };
}
