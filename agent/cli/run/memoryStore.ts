import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../makeFolder';
import { HandrailError } from '../../protocol/errors';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { AuditLog, DetachedStep, DetachedSteps, OutputWriter, RunStore } from '../../store/types';

/** Opens the audit log; what a person should know of it goes to `notice`. */
type OpenAudit = (notice: (text: string) => void) => AuditLog & { close(): void };

/**
 * A store for `--no-record`: it knows the runs of this process and leaves nothing in the history. Output is counted and
 * forgotten; whoever wants it has had it from the run itself. States of sessions lie in `folder`, the sessions' own, which
 * goes with this process also where that is killed. What has an effect is in the audit log all the same.
 */
export function createMemoryStore(openAudit: OpenAudit, folder: string): RunStore {
  const runs = new Map<string, RunRecord>();
  const notices: string[] = [];
  const note = (text: string): void => void (notices.includes(text) || notices.push(text));
  const audit = openAudit(note);
  const states = createStates(join(folder, 'states'));
  return {
    notices,
    create: run => void runs.set(run.id, run),
    update: run => void runs.set(run.id, run),
    shortage: () => undefined,
    find: id => [...runs.values()].find(run => run.id.startsWith(id)),
    list: ({ limit }) => ({ runs: [...runs.values()].reverse().slice(0, limit), more: runs.size > limit }),
    hostOf: () => undefined,
    goneOn: id => [...runs.values()].filter(({ continues }) => continues?.run === id),
    passedBefore: () => undefined,
    lastSteps: file => [...runs.values()].filter(run => run.file === file).flatMap(stepsOf),
    openOutput: createCounter,
    readOutput: (_run, _step, after) => ({ chunks: [], seq: after, cutBytes: 0, more: false }),
    tailOutput: () => ({ bytes: new Uint8Array(), cut: true }),
    index: () => undefined,
    search: () => ({ hits: [], more: false }),
    lastInputs: () => ({}),
    statePath: (run, step) => states.path(run, step),
    detached: createDetached(),
    audit: whereItCan(audit, note),
    interruptAbandoned: () => [],
    close() {
      audit.close();
      runs.clear();
      states.remove();
    },
  };
}

/** Also where nothing can be written, a full disk say, a person must be able to run what mends that. */
function whereItCan(audit: AuditLog, note: (text: string) => void): AuditLog {
  return {
    append(entry) {
      try {
        audit.append(entry);
      } catch (error) {
        if (!(error instanceof HandrailError)) throw error;
        note(`Not all of this run is in the audit log. ${error.message}`);
      }
    },
    list: query => audit.list(query),
    verify: () => audit.verify(),
    runs: () => audit.runs(),
  };
}

function createStates(folder: string): { path(run: string, step: number): string; remove(): void } {
  return {
    path(run, step) {
      makeFolder(folder);
      return join(folder, `${run}-${step}`);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function createDetached(): DetachedSteps {
  let steps: DetachedStep[] = [];
  return {
    begin: () => undefined,
    add: step => void (steps = [...steps, step]),
    list: () => steps,
    remove: (run, step) => void (steps = steps.filter(each => each.run !== run || each.step !== step)),
  };
}

function stepsOf(run: RunRecord): { run: string; runState: RunRecord['state']; step: StepRecord }[] {
  return run.steps.map(step => ({ run: run.id, runState: run.state, step }));
}

function createCounter(): OutputWriter {
  let seq = 0;
  let bytes = 0;
  return {
    append(_stream, data) {
      seq += 1;
      bytes += data.length;
      return seq;
    },
    get seq() {
      return seq;
    },
    get bytes() {
      return bytes;
    },
    close: () => undefined,
  };
}
