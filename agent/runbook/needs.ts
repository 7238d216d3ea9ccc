import type { Position, Runbook } from './model';

/** One item of `needs`: a cell of this runbook, or of another one. */
export type Need =
  | { readonly kind: 'cell'; readonly name: string }
  | { readonly kind: 'other'; readonly file: string; readonly name: string }
  | { readonly kind: 'wrong'; readonly message: string };

/** Understands `name` and `other.runbook.md#name`; `file` is as written (decoded), relative to the runbook. */
export function parseNeed(item: string): Need {
  return { kind: 'cell', name: item };
}

/** A runbook that should have been run before. */
export interface Prerequisite extends Position {
  /** As written (decoded), relative to the runbook. */
  readonly file: string;
  /** The cell or section after `#`, if the link has one. */
  readonly fragment?: string;
  /** The link's text. */
  readonly text: string;
}

/** The links to other Markdown files below a heading *Prerequisites*, in order. */
export function prerequisites(_runbook: Runbook): Prerequisite[] {
  return [];
}
