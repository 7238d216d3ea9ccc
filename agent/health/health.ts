import { HealthWatches, readChecksOf, type HeldChecks } from './healthWatches';
import { newCommandsOf } from './newCommands';

/** All that the agent does about checks; a bundle of its own, loaded at its first use. */
export interface Health {
  readonly watches: HealthWatches;
  /** The commands that a file has after an edit and had not before. */
  newCommands: typeof newCommandsOf;
  /** What is in files, without looking at anything. */
  read(files: readonly string[]): HeldChecks;
  close(): void;
}

export function createHealth(): Health {
  const watches = new HealthWatches();
  return { watches, read: readChecksOf, newCommands: newCommandsOf, close: () => watches.close() };
}
