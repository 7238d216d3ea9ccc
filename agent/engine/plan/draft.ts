import type { CellOptions } from '../../runbook/cellOptions';
import type { Cell } from '../../runbook/model';
import type { PlannedStep } from '../types';
import type { Book } from './book';

/** A step before anything is filled in. */
export interface DraftStep {
  readonly index: number;
  readonly book: Book;
  readonly cell: Cell;
  readonly options: CellOptions;
  readonly needs: readonly number[];
  readonly pulledIn: boolean;
  readonly role: PlannedStep['role'];
  readonly undoes?: number;
  /** The rule that has it ask: `.handrail.yaml: effect=destroy`. */
  readonly askedBy?: string;
}

/** All that a step has a shell or an interpreter do, as written; each command on one line. */
export function commandsOf({ cell, options }: Pick<DraftStep, 'cell' | 'options'>): string[] {
  const { when, unless, verify, ready, interpreter } = options;
  return [cell.text, when, unless, verify, ready, interpreter?.join(' ')].flatMap(text =>
    text === undefined ? [] : [onOneLine(text)],
  );
}

/** A command as a shell reads it: continued lines are one, several blanks are one. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\\\r?\n/g, '').replaceAll(/[^\S\n]+/g, ' ');
}
