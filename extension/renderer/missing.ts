import { sizeText } from './wording';

/** What of an output a person cannot see above the first line shown. */
export interface Missing {
  /** Bytes of the step so far, those not shown included. */
  readonly total: number;
  /** Bytes passed over to catch up. */
  readonly skipped: number;
  /** Lines that the terminal can hold, once it holds no more. */
  readonly full: number | undefined;
}

/** The line above a terminal that does not show all; undefined when it does. */
export function missingText({ total, skipped, full }: Missing): string | undefined {
  if (full !== undefined)
    return `… only the last ${full.toLocaleString('en')} lines of ${sizeText(total)} shown`;
  return skipped > 0 ? `… first ${sizeText(skipped)} not shown` : undefined;
}

/** The line at the place where the limit of a step has cut its recorded output. */
export function cutLine(bytes: number): string {
  return `… ${sizeText(bytes)} not recorded: over the limit of a step`;
}
