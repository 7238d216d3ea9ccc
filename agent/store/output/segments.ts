import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the output of a step lies: its first segment in `OUTPUT/RUN/STEP.out`, further ones, named by the sequence
 * number of their first chunk, in `OUTPUT/RUN/STEP.more/`. The names are the index: a reader goes straight to the
 * segment it wants, and most steps are one small file.
 */
export interface Segment {
  readonly path: string;
  readonly firstSeq: number;
}

/** Whose output it is, below the folder of all output. */
export interface StepPlace {
  readonly folder: string;
  readonly run: string;
  readonly step: number;
}

function runFolder(folder: string, run: string): string {
  return join(folder, run);
}

export function firstSegment({ folder, run, step }: StepPlace): Segment {
  return { path: join(runFolder(folder, run), `${step}.out`), firstSeq: 1 };
}

export function moreFolder({ folder, run, step }: StepPlace): string {
  return join(runFolder(folder, run), `${step}.more`);
}

export function furtherSegment(place: StepPlace, firstSeq: number): Segment {
  return { path: join(moreFolder(place), `${String(firstSeq).padStart(16, '0')}.out`), firstSeq };
}

/** All segments there are, in order. The first is listed also where it is not there. */
export function listSegments(place: StepPlace): Segment[] {
  const further = namesIn(moreFolder(place))
    .map(name => Number.parseInt(name, 10))
    .filter(seq => seq > 0)
    .sort((a, b) => a - b)
    .map(seq => furtherSegment(place, seq));
  return [firstSegment(place), ...further];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
