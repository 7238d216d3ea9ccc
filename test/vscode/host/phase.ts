import { keep, suiteState } from './driver';
import type { SuiteState } from '../protocol';

let state: SuiteState = { phase: 0, kept: {} };
let phases = 0;

/**
 * A part of a suite; between two parts the window is reloaded. Used like `describe`, at the top of a suite's file.
 *
 * @example
 * phase('before the reload', () => { it('starts a run', async () => { await remember('run', id); }); });
 * phase('after the reload', () => { it('goes on', () => { recall('run'); }); });
 */
export function phase(title: string, body: () => void): void {
  if (phases++ === state.phase) describe(title, body);
}

/** Keeps a JSON value for the phases that follow. */
export async function remember(name: string, value: unknown): Promise<void> {
  await keep({ [name]: value });
}

/** What an earlier phase kept. */
export function recall<T>(name: string): T {
  if (!(name in state.kept)) throw new Error(`No earlier phase kept "${name}".`);
  return state.kept[name] as T;
}

/** Reads where the suite stands; before its file is loaded. */
export async function beginPhase(): Promise<void> {
  state = await suiteState();
  phases = 0;
}

/** Whether a phase comes after the one that ran; after the suite's file was loaded. */
export function hasNextPhase(): boolean {
  return state.phase + 1 < phases;
}
