import { isPodTarget } from '../../runbook/podTarget';
import { parseContainerTarget, type ContainerTarget } from '../../runbook/containerTarget';
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
  /** What it is known to find: variables, inputs and placeholders that are no secrets. Absent before they are known. */
  readonly known?: ReadonlyMap<string, string>;
  /** The rule that has it ask: `.handrail.yaml: effect=destroy`. */
  readonly askedBy?: string;
  /** What has to be typed to approve it: the name of a context that counts as production. */
  readonly typed?: string;
  /** Milliseconds in which all of it ends: a rule's. */
  readonly limit?: number;
}

/** All that a step has a shell or an interpreter do, as written; each command on one line. */
export function commandsOf({ cell, options }: Pick<DraftStep, 'cell' | 'options'>): string[] {
  const { when, unless, verify, ready, interpreter } = options;
  return [cell.text, when, unless, verify, ready, interpreter?.join(' ')].flatMap(text =>
    text === undefined ? [] : [onOneLine(text)],
  );
}

/**
 * The same as far as they act as somebody of this machine; in a container they do as who may use its engine: that in use,
 * unless the target names one.
 */
export function commandsHere(step: Pick<DraftStep, 'cell' | 'options'>): string[] {
  // Which contexts pods are of, the plan tells by itself.
  if (isPodTarget(step.options.target)) return [];
  const target = parseContainerTarget(step.options.target);
  if (target === undefined) return commandsOf(step);
  return engineOf(target) === undefined ? [`docker exec ${step.options.target}`] : [];
}

/** The engine that a target calls by its name. */
export function engineOf(target: ContainerTarget | undefined): string | undefined {
  return target === undefined || target.kind === 'image' ? undefined : target.on;
}

/**
 * The same for rules: as written, and with the values in it that are known already. A cell can compute the name of a
 * context in ways that nobody sees; by an input or a variable it is no secret.
 */
export function commandsRun(step: DraftStep): string[] {
  return [...new Set([...commandsOf(step), ...commandsKnown(step)])];
}

/** The same only with the values in it that are known: what is a variable there, nobody can tell before it runs. */
export function commandsKnown(step: DraftStep): string[] {
  return commandsOf(step).map(text => withKnown(text, step.known ?? new Map()));
}

function withKnown(text: string, known: ReadonlyMap<string, string>): string {
  const marks =
    /\$\{\{\s*inputs\.([^\s.{}]+)\s*\}\}|\$(\w+)|\$\{(\w+)\}|<([^<>\n]{1,60})>|\{\{\s*([^{}\n]{1,60}?)\s*\}\}/g;
  return text.replaceAll(marks, (whole, ...names: unknown[]) => {
    const name = names.slice(0, 5).find(one => typeof one === 'string');
    const value = typeof name === 'string' ? known.get(name.replaceAll(/\s+/g, '-')) : undefined;
    // One of several lines would be read as several commands.
    return value === undefined || value.includes('\n') ? whole : value;
  });
}

/** A command as a shell reads it: continued lines are one, several blanks are one. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\\\r?\n/g, '').replaceAll(/[^\S\n]+/g, ' ');
}
