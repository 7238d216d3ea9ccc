import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { OutputWriter, RunStore } from '../../store/types';

/**
 * A store for `--no-record`: it knows the runs of this process and leaves nothing anywhere. Output is counted and
 * forgotten; whoever wants it has had it from the run itself.
 */
export function createMemoryStore(): RunStore {
  const runs = new Map<string, RunRecord>();
  return {
    notices: [],
    create: run => void runs.set(run.id, run),
    update: run => void runs.set(run.id, run),
    find: id => [...runs.values()].find(run => run.id.startsWith(id)),
    list: ({ limit }) => ({ runs: [...runs.values()].reverse().slice(0, limit), more: runs.size > limit }),
    lastSteps: file => [...runs.values()].filter(run => run.file === file).flatMap(stepsOf),
    openOutput: createCounter,
    readOutput: (_run, _step, after) => ({ chunks: [], seq: after, cutBytes: 0, more: false }),
    tailOutput: () => ({ bytes: new Uint8Array(), cut: true }),
    interruptAbandoned: () => [],
    close: () => runs.clear(),
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
