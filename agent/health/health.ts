import { CheckStore } from '../store/health/checkStore';
import { HealthWatches, readChecksOf, type HeldChecks } from './healthWatches';
import { newCommandsOf } from './newCommands';
import { Recorder } from './recorder';

/** All that the agent does about checks; a bundle of its own, loaded at its first use. */
export interface Health {
  readonly watches: HealthWatches;
  /** What came of checks before. */
  readonly recorder: Recorder;
  /** The commands that a file has after an edit and had not before. */
  newCommands: typeof newCommandsOf;
  /** What is in files, without looking at anything. */
  read(files: readonly string[]): HeldChecks;
  close(): void;
}

/** `data`: the folder that results are kept in. `report` is told where that cannot be done. */
export function createHealth(data: string, report: (error: unknown) => void): Health {
  const recorder = new Recorder(() => new CheckStore(data), report);
  const watches = new HealthWatches(recorder);
  const close = (): void => {
    watches.close();
    recorder.close();
  };
  return { watches, recorder, read: readChecksOf, newCommands: newCommandsOf, close };
}
