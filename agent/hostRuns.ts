import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { withOwnKubeconfig } from './clusters/contexts/ownKubeconfig';
import { readConfig } from './config/readConfig';
import { systemClock } from './engine/clock';
import { planWorld } from './engine/plan/planWorld';
import { createRuns } from './engine/runs';
import type { Runs } from './engine/types';
import type { OpenTarget } from './executors/container/access';
import { createSessionFactory } from './executors/sessions';
import type { Folders } from './folders';
import { isPodTarget } from './runbook/podTarget';
import { checkRequirements } from './requirements/checkRequirements';
import { createSecrets } from './secrets/createSecrets';
import { thisHost } from './store/hostProcess';
import { openLocks } from './store/locks';
import type { Locks, RunStore } from './store/types';

/** The runs of this process, with all that they are made of. */
export interface HostedRuns {
  readonly runs: Runs;
  /** Cancels every run, ends every session, removes their files. The store is left to whoever opened it. */
  close(): Promise<void>;
}

/**
 * Puts together what executes runs: the same in the agent and in `handrail run`. `sessions`: the folder for the files
 * of its sessions; `recorded`: whether `store` keeps what it is told (true); `report` gets bugs.
 */
export function hostRuns(parts: {
  readonly store: RunStore;
  readonly folders: Folders;
  readonly sessions: string;
  readonly recorded?: boolean;
  readonly report?: (error: unknown) => void;
}): HostedRuns {
  const { store, folders, recorded = true, report } = parts;
  const sessions = createSessionFactory({
    folder: parts.sessions,
    hostId: randomUUID(),
    openTarget: openTargets(folders),
  });
  const locks = lazyLocks(() => openLocks(folders.runtime));
  const runs = createRuns({
    store,
    sessions,
    clock: systemClock,
    host: thisHost(),
    locks,
    createSecrets,
    checkRequirements,
    ownKubeconfig: environment => withOwnKubeconfig(environment, parts.sessions),
    world: { ...planWorld(folders), recorded },
    ...(report && { report }),
  });
  return { runs, close };

  async function close(): Promise<void> {
    await runs.close();
    await sessions.close();
    locks.close();
    rmSync(parts.sessions, { recursive: true, force: true });
  }
}

/** Most runs need no container, and what speaks to engines and clusters is large. */
function openTargets(folders: Folders): OpenTarget {
  return async use => {
    if (isPodTarget(use.target)) {
      const { openPodsOfClient } = await import('./clusters/targets/clientPods');
      return openPodsOfClient(() => readConfig(folders).config)(use);
    }
    const { openTargetsOfClient } = await import('./containers/targets/clientEngine');
    return openTargetsOfClient(() => readConfig(folders).config.endpoints)(use);
  };
}

/** Most runs take no lock. */
function lazyLocks(open: () => Locks): Locks {
  let locks: Locks | undefined;
  return {
    take: (name, holder) => (locks ??= open()).take(name, holder),
    close: () => locks?.close(),
  };
}
