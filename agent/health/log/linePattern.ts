import { RE2JS, RE2JSException } from 're2js';
import * as z from 'zod';

/** Characters of a pattern. */
const longest = 1000;

/**
 * A regular expression that may match anywhere in a line, as RE2 has them (https://github.com/google/re2/wiki/Syntax):
 * it takes time that grows with the line and no faster.
 */
export const LinePattern = z
  .string()
  .min(1)
  .max(longest)
  .transform((written, context) => {
    try {
      const compiled = RE2JS.compile(written);
      return { written, matches: (line: string) => compiled.test(line) };
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      context.addIssue(
        `it is no regular expression (RE2): ${error.message.replace(/^error parsing regexp: /, '')}`,
      );
      return z.NEVER;
    }
  });
export type LinePattern = z.output<typeof LinePattern>;
