import * as z from 'zod';
import { request } from './message';
import { TerminalExtent } from './system';

export const Stream = z.enum(['stdout', 'stderr', 'tty']);
export type Stream = z.infer<typeof Stream>;

/** A piece of output: at least one recorded chunk, neighbours of the same stream joined. */
export const OutputPiece = z.object({
  /** Sequence number of the last chunk in it; the first chunk of a step has 1. */
  seq: z.number().int(),
  stream: Stream,
  /** Milliseconds since 1970, of its first chunk. */
  time: z.number(),
  /** The bytes, base64. */
  data: z.string(),
});
export type OutputPiece = z.infer<typeof OutputPiece>;

/** For a reader that shall not be held up by a backlog it cannot show. Bytes. */
export const PassOver = z.object({
  /** With more than this following, all but the last `keep` are passed over, to the nearest chunk. */
  over: z.number().int().positive(),
  keep: z.number().int().positive(),
});
export type PassOver = z.infer<typeof PassOver>;

/**
 * Output of a step after sequence number `after`. `cut` tells that bytes are missing before the first piece
 * (limit of a step). `ended`: the step has ended and this is the last page.
 */
export const readOutput = request(
  'output/read',
  z.object({
    run: z.string(),
    step: z.number().int(),
    after: z.number().int().min(0),
    maxBytes: z
      .number()
      .int()
      .positive()
      .max(4 * 1024 * 1024)
      .default(256 * 1024),
    passOver: PassOver.optional(),
  }),
  z.object({
    pieces: z.array(OutputPiece),
    seq: z.number().int(),
    cutBytes: z.number().int(),
    /** Passed over before the first piece, as asked; what was cut among them included. */
    skippedBytes: z.number().int().default(0),
    ended: z.boolean(),
    more: z.boolean(),
  }),
);

/** The end of a step's output as a person would read it: escape codes applied, invalid UTF-8 replaced. */
export const outputText = request(
  'output/text',
  z.object({
    run: z.string(),
    step: z.number().int(),
    maxBytes: z
      .number()
      .int()
      .positive()
      .default(64 * 1024),
  }),
  z.object({ text: z.string(), cut: z.boolean() }),
);

/** Path of a text file with the step's whole recorded output, for opening in an editor. */
export const exportOutput = request(
  'output/export',
  z.object({ run: z.string(), step: z.number().int() }),
  z.object({ path: z.string() }),
);

/** What a person typed into a running step's terminal, base64. */
export const writeInput = request(
  'input/write',
  z.object({ run: z.string(), step: z.number().int(), data: z.base64() }),
  z.object({}),
);

export const resizeTerminal = request(
  'input/resize',
  z.object({
    run: z.string(),
    step: z.number().int(),
    columns: TerminalExtent,
    rows: TerminalExtent,
  }),
  z.object({}),
);
