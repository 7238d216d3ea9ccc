import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../engine/clock';
import { createRuns } from '../../engine/runs';
import type { ActiveRun, RunObserver, RunRequest } from '../../engine/types';
import { createSessionFactory } from '../../executors/sessions';
import { privateFolder } from '../../privateFolder';
import type { RunRecord } from '../../protocol/runs';
import { sessionFolder } from '../../sessionFolder';
import { openStore } from '../../store/openStore';
import { thisHost } from '../../store/hostProcess';
import type { Call } from '../call';
import { followKeyboard } from './followKeyboard';
import { listenToInterrupts } from './interrupts';
import type { Keyboard } from './keyboard';
import { createMemoryStore } from './memoryStore';

export interface HostOptions {
  /** Whether it goes into the history. */
  readonly recorded: boolean;
  readonly keyboard: Keyboard | undefined;
  /** Gets the words for what cancels the run. */
  readonly cancelling?: (cause: () => string | undefined) => void;
}

/** Runs in this process, with the engine and the store that the agent uses, until the run has ended. */
export async function runHere(
  call: Call,
  request: RunRequest,
  presenter: RunObserver,
  { recorded, keyboard, cancelling }: HostOptions,
): Promise<{ run: RunRecord; terminated: boolean }> {
  const folders = call.folders();
  const store = recorded ? openStore(folders.data) : createMemoryStore();
  for (const notice of store.notices) void call.terminal.stderr.write(`${notice}\n`);
  const folder = sessionFolder(join(privateFolder(folders.runtime), 'cli-sessions'));
  const sessions = createSessionFactory({ folder, hostId: randomUUID() });
  const runs = createRuns({ store, sessions, clock: systemClock, host: thisHost() });
  try {
    return await follow(call, observer => runs.start(request, observer), presenter, keyboard, cancelling);
  } finally {
    await runs.close();
    await sessions.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the start of the run to its end: signals, keys, size of the terminal. */
async function follow(
  { terminal }: Call,
  start: (observer: RunObserver) => ActiveRun,
  presenter: RunObserver,
  keyboard: Keyboard | undefined,
  cancelling: HostOptions['cancelling'],
): Promise<{ run: RunRecord; terminated: boolean }> {
  // Signals may come before there is a run to cancel.
  let cancelled = 0;
  let active: ActiveRun | undefined;
  const cancel = (): void => {
    cancelled += 1;
    active?.cancel();
  };
  const interrupts = listenToInterrupts(cancel, text => void terminal.stderr.write(`\n${text}\n`));
  let gone = false;
  terminal.stdout.onGone(() => {
    gone = true;
    cancel();
  });
  cancelling?.(
    () => interrupts.cause ?? (gone ? 'cancelled: the reader of the output went away' : undefined),
  );
  const keys =
    keyboard &&
    followKeyboard(
      keyboard,
      terminal,
      () => active,
      () => interrupts.press(),
    );
  try {
    active = start(keys === undefined ? presenter : keys.observe(presenter));
    if (cancelled > 0) active.cancel();
    return { run: await active.ended, terminated: interrupts.terminated };
  } finally {
    keys?.dispose();
    interrupts.dispose();
  }
}
