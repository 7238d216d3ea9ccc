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
}

/** All that a step has a shell or an interpreter do, as written. */
export function commandsOf({ cell, options }: Pick<DraftStep, 'cell' | 'options'>): string[] {
  const { when, unless, verify, ready } = options;
  return [cell.text, when, unless, verify, ready].filter(text => text !== undefined);
}
