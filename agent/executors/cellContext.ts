import { closeSync, openSync, writeSync } from 'node:fs';
import type { CellSpec } from './executor';
import { cellVariable, type Host, hostVariable } from './host';
import { type Environment, revealAll, type SessionState } from './sessionState';

/** A cell with all that its session adds. */
export interface CellContext {
  readonly spec: CellSpec;
  /** Counts the cells of the session. */
  readonly number: number;
  readonly cwd: string;
  /** For this cell only: the spec's and those that a terminal needs; placeholders for what is secret. */
  readonly env: Environment;
  /** Id of the session; HANDRAIL_CELL begins with it. */
  readonly session: string;
  /** Value of HANDRAIL_CELL. */
  readonly marker: string;
  readonly folder: string;
  readonly host: Host;
  readonly state: SessionState;
  /** Told of the process group that may hold processes left behind. */
  left(group: number): void;
}

/** Variables that tell whose a process is. */
export function markers(context: CellContext): Record<string, string> {
  return { [hostVariable]: context.host.id, [cellVariable]: context.marker };
}

/** All variables of a cell that is a program of its own, secrets among them; markers aside. */
export function processEnvironment({
  env,
  state,
}: Pick<CellContext, 'env' | 'state'>): Record<string, string> {
  return Object.fromEntries(revealAll(new Map([...state.env, ...env]), state.secrets));
}

/** Writes a file that only its owner can read; one character a byte. */
export function writePrivate(path: string, bytes: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, bytes, null, 'latin1');
  } finally {
    closeSync(file);
  }
}
