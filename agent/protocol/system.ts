import * as z from 'zod';

// What the system takes. Checked at the border, so that nothing half done fails further in.

/** Text that a program may be given: a NUL would end it early. */
export const SystemText = z.string().regex(/^[^\0]*$/, 'holds a NUL');

export const AbsolutePath = SystemText.regex(/^(\/|[A-Za-z]:[\\/]|\\\\)/, 'is no absolute path');

/** Environment variables by name. */
export const Environment = z.record(z.string().regex(/^[^=\0]+$/, 'is no name of a variable'), SystemText);

export const Umask = z.number().int().min(0).max(0o777);

/** Columns or rows of a terminal; the system keeps them in 16 bits. */
export const TerminalExtent = z.number().int().min(1).max(65_535);
