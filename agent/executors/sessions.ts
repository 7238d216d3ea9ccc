import { join, resolve } from 'node:path';
import type { OpenTarget } from './container/access';
import type { Session, SessionFactory } from './executor';
import { cellVariable, type Host, hostVariable } from './host';
import { HiddenSecrets } from './hiddenSecrets';
import { LeftProcesses } from './leftProcesses';
import { createGuardian } from './process/guardian';
import { defaultGraces, type Graces } from './process/stopLadder';
import { CellSession } from './session';
import { readSession, restoredState } from './sessionFile';
import { TargetedSession } from './targetedSession';

export interface SessionOptions {
  /** Private folder for the sessions' files; made with the first cell if it is not there. */
  readonly folder: string;
  /** Marks everything this process starts; unique to it. */
  readonly hostId: string;
  readonly graces?: Graces;
  /** Time that an interpreter has to begin. Milliseconds; 30 s if absent. */
  readonly interpreterStart?: number;
  /** Opens the containers of cells with a target. */
  readonly openTarget?: OpenTarget;
}

/** Opens sessions for one process that executes cells. */
export function createSessionFactory(options: SessionOptions): SessionFactory {
  const { folder, hostId, openTarget } = options;
  const guardian = createGuardian(`${hostVariable}=${hostId}`, resolve(folder));
  const { graces = defaultGraces, interpreterStart = 30_000 } = options;
  const host: Host = { folder, id: hostId, guardian, graces, interpreterStart };
  const open = new Set<Session>();
  let opened = 0;
  return {
    open(environment) {
      const number = ++opened;
      const id = `${hostId}.${number}`;
      const left = new LeftProcesses(host, `${cellVariable}=${id}.`);
      const place = { host, id, folder: join(folder, `session-${number}`), left };
      const local = new CellSession(place, environment, () => void open.delete(session));
      const session: Session =
        openTarget === undefined
          ? local
          : new TargetedSession(local, { open: openTarget, host, id }, environment);
      open.add(session);
      return session;
    },
    saved(path, environment) {
      const { state } = restoredState(path, readSession(path), environment, new HiddenSecrets());
      return { env: Object.fromEntries(state.revealed), cwd: state.cwd };
    },
    async close() {
      await Promise.all([...open].map(session => session.close()));
      open.clear();
      guardian.close();
    },
  };
}
