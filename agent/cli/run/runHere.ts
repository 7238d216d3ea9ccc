import { join } from 'node:path';
import { userName } from '../../client/userName';
import type { ActiveRun, RunObserver, RunRequest } from '../../engine/types';
import { hostRuns } from '../../hostRuns';
import { openAuditLog, openHistory } from '../../openHistory';
import { privateFolder } from '../../privateFolder';
import type { RunRecord } from '../../protocol/runs';
import { sessionFolder } from '../../sessionFolder';
import type { RunStore } from '../../store/types';
import type { Call } from '../call';
import type { WantedReport } from '../report/wantedReport';
import { answerSteps } from './answerSteps';
import { followKeyboard } from './followKeyboard';
import { listenToInterrupts } from './interrupts';
import type { Keyboard } from './keyboard';
import { createMemoryStore } from './memoryStore';

export interface HostOptions {
  /** Whether it goes into the history. */
  readonly recorded: boolean;
  readonly keyboard: Keyboard | undefined;
  /** Written once the run has ended, whatever came of it. */
  readonly reports: readonly WantedReport[];
  /** Gets the words for what cancels the run. */
  readonly cancelling?: (cause: () => string | undefined) => void;
}

/** Runs in this process, with the engine and the store that the agent uses, until the run has ended. */
export async function runHere(
  call: Call,
  request: RunRequest,
  presenter: RunObserver,
  { recorded, keyboard, reports, cancelling }: HostOptions,
): Promise<{ run: RunRecord; terminated: boolean }> {
  const folders = call.folders();
  const folder = sessionFolder(join(privateFolder(folders.runtime), 'cli-sessions'));
  const store = recorded
    ? openHistory(folders)
    : createMemoryStore(notice => openAuditLog(folders, notice), folder);
  const told = tellNotices(call, store, 0);
  const hosted = hostRuns({ store, folders, sessions: folder, recorded });
  const start = (observer: RunObserver): ActiveRun => hosted.runs.start(request, observer);
  try {
    const ended = await follow(call, start, presenter, keyboard, cancelling);
    if (reports.length > 0) {
      const { writeReports } = await import('../report/runReports');
      await writeReports(call, store, ended.run, reports);
    }
    return ended;
  } finally {
    await hosted.close();
    tellNotices(call, store, told);
    store.close();
  }
}

/** What a person should know of the history; gives how many there were. */
function tellNotices({ terminal }: Call, { notices }: RunStore, told: number): number {
  for (const notice of notices.slice(told)) void terminal.stderr.write(`${notice}\n`);
  return notices.length;
}

/** From the start of the run to its end: signals, keys, size of the terminal. */
async function follow(
  { terminal, env }: Call,
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
  const answers =
    keyboard &&
    answerSteps(keyboard, terminal.stderr, (_run, step, approve) =>
      active?.answer(step, approve, userName(env)),
    );
  cancelling?.(() => {
    if (answers?.declined === true) return 'cancelled by you';
    return interrupts.cause ?? (gone ? 'cancelled: the reader of the output went away' : undefined);
  });
  const keys =
    keyboard &&
    followKeyboard(
      keyboard,
      terminal,
      {
        write: (_run, step, data) => active?.write(step, data),
        resize: (_run, step, columns, rows) => active?.resize(step, columns, rows),
      },
      () => interrupts.press(),
    );
  try {
    const answering = answers?.observe(presenter) ?? presenter;
    active = start(keys?.observe(answering) ?? answering);
    if (cancelled > 0) active.cancel();
    return { run: await active.ended, terminated: interrupts.terminated };
  } finally {
    keys?.dispose();
    interrupts.dispose();
  }
}
