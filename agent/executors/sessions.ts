import { join } from 'node:path';
import type { SessionFactory } from './executor';
import { cellVariable, type Host, hostVariable } from './host';
import { LeftProcesses } from './leftProcesses';
import { createGuardian } from './process/guardian';
import { defaultGraces, type Graces } from './process/stopLadder';
import { CellSession } from './session';

export interface SessionOptions {
  /** Private folder for the sessions' files; made with the first cell if it is not there. */
  readonly folder: string;
  /** Marks everything this process starts; unique to it. */
  readonly hostId: string;
  readonly graces?: Graces;
  /** Time that an interpreter has to begin. Milliseconds; 30 s if absent. */
  readonly interpreterStart?: number;
}

/** Opens sessions for one process that executes cells. */
export function createSessionFactory(options: SessionOptions): SessionFactory {
  const { folder, hostId } = options;
  const guardian = createGuardian(`${hostVariable}=${hostId}`);
  const { graces = defaultGraces, interpreterStart = 30_000 } = options;
  const host: Host = { folder, id: hostId, guardian, graces, interpreterStart };
  const open = new Set<CellSession>();
  let opened = 0;
  return {
    open(environment) {
      const number = ++opened;
      const id = `${hostId}.${number}`;
      const left = new LeftProcesses(host, `${cellVariable}=${id}.`);
      const place = { host, id, folder: join(folder, `session-${number}`), left };
      const session: CellSession = new CellSession(place, environment, () => void open.delete(session));
      open.add(session);
      return session;
    },
    async close() {
      await Promise.all([...open].map(session => session.close()));
      open.clear();
      guardian.close();
    },
  };
}
