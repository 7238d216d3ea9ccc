import * as z from 'zod';

/** What is kept of one place where cells run. */
const SavedPlace = z.object({
  /** Of the placeholders. */
  number: z.string(),
  /** Absent: where the client is. */
  cwd: z.string().optional(),
  /** Absent: the client's. */
  umask: z.number().int().optional(),
  /** What is otherwise than in the client's environment: text, or null where it is not there. */
  env: z.record(z.string(), z.string().nullable()),
  shells: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Languages that had a live interpreter. */
  interpreters: z.array(z.string()),
});
export type SavedPlace = z.infer<typeof SavedPlace>;

/** The state of a session as a file holds it; secrets are placeholders. */
export const SavedSession = SavedPlace.extend({
  /** The same for each target that is not this machine. */
  targets: z.record(z.string(), SavedPlace).optional(),
});
export type SavedSession = z.infer<typeof SavedSession>;

/** What is wrong with one that was read. */
export function wordProblem(error: z.ZodError): string {
  return z.prettifyError(error);
}
