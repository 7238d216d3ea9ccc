import type { SavedShell } from './dialect';

/** The text of that name; throws a TypeError where there is none. */
export function readText(saved: SavedShell, name: string): string {
  const value = saved[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is no text`);
  return value;
}

/** `options`: switches by name. */
export function readOptionTable(saved: SavedShell): Map<string, boolean> {
  const table = Object.entries(saved['options'] ?? {});
  return new Map(table.map(([name, on]) => [name, on === true]));
}
