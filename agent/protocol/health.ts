import * as z from 'zod';
import { notification, request } from './message';
import { AbsolutePath, SystemText } from './system';

// Health checks of files, watched while a client holds them.

/** What one probe found, for a strip of the last ones. */
export const ProbeMark = z.object({
  state: z.enum(['up', 'degraded', 'down', 'unknown']),
  /** Milliseconds it took. */
  ms: z.number(),
});
export type ProbeMark = z.infer<typeof ProbeMark>;

/**
 * What a check runs, in a text that nothing else has (a line for the shell, or a list in brackets of a program and its
 * arguments), and a mark that changes with it: {@link watchChecks} allows it by that.
 */
export const CheckCommand = z.object({ text: z.string(), mark: z.string() });
export type CheckCommand = z.infer<typeof CheckCommand>;

/** A check and how it stands. */
export const CheckRow = z.object({
  /** Unique, and the same as long as its file and name are. */
  id: z.string(),
  file: z.string(),
  /** Where it stands in the file, from 1. */
  line: z.number().int(),
  name: z.string(),
  type: z.string(),
  group: z.string().optional(),
  tags: z.array(z.string()),
  description: z.string().optional(),
  /** What it looks at. */
  subject: z.string(),
  /** `path#section`, from the folder of the file. */
  runbook: z.string().optional(),
  inputs: z.record(z.string(), z.string()),
  /** `held`: it runs a command that nobody has allowed yet. */
  state: z.enum(['pending', 'up', 'degraded', 'down', 'unknown', 'held', 'muted', 'maintenance']),
  /** How it would stand if it were neither muted nor in maintenance, and until when it is. */
  actual: z.enum(['pending', 'up', 'degraded', 'down', 'unknown']).optional(),
  until: z.number().optional(),
  /** Milliseconds since 1970. */
  since: z.number(),
  /** When it was last looked at, and what that gave. */
  at: z.number().optional(),
  message: z.string(),
  /** The check that it needs and that is down, while this one is not well: nobody is told of it. */
  heldBackBy: z.string().optional(),
  /** The last probes, the oldest first. */
  recent: z.array(ProbeMark),
  /** What it runs, where that has to be allowed. */
  command: CheckCommand.optional(),
  /** Why the check is as its file had it before: the file has become invalid. */
  outdated: z.string().optional(),
});
export type CheckRow = z.infer<typeof CheckRow>;

/** Something wrong in a file of checks. */
export const CheckProblem = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
  hint: z.string().optional(),
  severity: z.enum(['error', 'warning', 'info']),
});
export type CheckProblem = z.infer<typeof CheckProblem>;

const Held = z.object({ checks: z.array(CheckRow), problems: z.array(CheckProblem) });

/**
 * Watches the checks of these files, read anew, instead of those watched before for this client; none ends it.
 * Commands run only where their mark is among `allowed`.
 */
export const watchChecks = request(
  'health/watch',
  z.object({
    files: z.array(AbsolutePath).max(1000),
    environment: z.record(z.string(), z.string()),
    allowed: z.array(z.string()).max(20_000),
  }),
  Held,
);

/** What is in these files, without looking at anything. */
export const readChecks = request('health/read', z.object({ files: z.array(AbsolutePath).max(1000) }), Held);

/**
 * The commands that the checks of a file run after an edit and did not run before it; neither text is looked at for
 * anything else.
 */
export const newCommands = request(
  'health/newCommands',
  z.object({ file: AbsolutePath, before: z.string(), after: z.string() }),
  z.object({
    commands: z.array(CheckCommand),
    /** False where the text before cannot be understood: then nothing is told to be new. */
    isKnown: z.boolean(),
  }),
);

/** Looks at a check now. */
export const probeCheck = request('health/probe', z.object({ check: SystemText }), z.object({}));

/** Checks that were looked at since. Sent at most some times a second. */
export const checksChanged = notification('health/changed', 'agent', z.object({ checks: z.array(CheckRow) }));
