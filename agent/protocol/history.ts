import * as z from 'zod';
import { request } from './message';
import { reportFormats } from './reportFormats';
import { RunSummary, StepState } from './runs';
import { AbsolutePath } from './system';

/** Finds steps by what they printed (the last 64 KiB of each) or by their text. Newest first. */
export const searchRuns = request(
  'runs/search',
  z.object({
    /** Words, all of which occur; the last one may be a beginning. `"…"`: as they stand. */
    query: z.string().max(1000),
    file: z.string().optional(),
    limit: z.number().int().positive().max(200).default(50),
  }),
  z.object({
    hits: z.array(
      z.object({
        run: RunSummary,
        step: z.number().int(),
        name: z.string(),
        state: StepState,
        /** The line where it was found, with what is around it. */
        excerpt: z.string(),
      }),
    ),
    more: z.boolean(),
    /** Older runs that were not looked through: they are of before there was an index, and each search adds some. */
    unindexed: z.number().int().optional(),
  }),
);

/** What one step did in a run that is compared. */
const ComparedStep = z.object({
  index: z.number().int(),
  state: StepState,
  ms: z.number().optional(),
  exit: z.number().int().optional(),
  message: z.string().optional(),
});

/** How two runs differ, step by step: matched as steps are matched to changed files. */
export const RunComparison = z.object({
  left: RunSummary,
  right: RunSummary,
  /** Inputs, identity, commit, user, host that differ. */
  facts: z.array(z.object({ name: z.string(), left: z.string().optional(), right: z.string().optional() })),
  steps: z.array(
    z.object({
      name: z.string(),
      left: ComparedStep.optional(),
      right: ComparedStep.optional(),
      changed: z.array(z.enum(['state', 'time', 'output', 'text', 'added', 'removed'])),
      /** Unified diff of the cell's text, and of the last 64 KiB that it printed, where they differ. */
      text: z.string().optional(),
      output: z.string().optional(),
    }),
  ),
});
export type RunComparison = z.infer<typeof RunComparison>;

/** Compares two runs; each is an id, a unique prefix, or `last`. */
export const compareRuns = request(
  'runs/compare',
  z.object({ left: z.string(), right: z.string() }),
  RunComparison,
);

/** Writes a report of a run into a file of the client's choice, which is made or replaced as a whole. */
export const reportRun = request(
  'runs/report',
  z.object({ run: z.string(), format: z.enum(reportFormats), path: AbsolutePath }),
  z.object({ bytes: z.number().int() }),
);
