import * as z from 'zod';

/** The `data` of an error response. `message` is English for logs; faces word it from name and details. */
export const ErrorData = z.object({
  name: z.string(),
  details: z.record(z.string(), z.unknown()),
});
