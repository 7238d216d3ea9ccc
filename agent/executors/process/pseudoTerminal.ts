import { createRequire } from 'node:module';

/** Both ends of a pseudo-terminal as file descriptors, and the path of the end that programs use. */
export interface PseudoTerminal {
  readonly master: number;
  readonly slave: number;
  readonly path: string;
}

interface PtyAddon {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
  resize(fd: number, columns: number, rows: number, pixelWidth: number, pixelHeight: number): void;
}

let loaded: PtyAddon | undefined;

/**
 * Opens a pseudo-terminal. We start the process ourselves and take from node-pty only its native part: its own
 * terminal closes the master 200 ms after the process ended, which takes the terminal from what `&` left behind.
 */
export function openTerminal(columns: number, rows: number): PseudoTerminal {
  const { master, slave, pty } = addon().open(columns, rows);
  return { master, slave, path: pty };
}

export function resizeTerminal(terminal: PseudoTerminal, columns: number, rows: number): void {
  addon().resize(terminal.master, columns, rows, 0, 0);
}

function addon(): PtyAddon {
  loaded ??= (createRequire(import.meta.url)('node-pty') as { native: PtyAddon }).native;
  return loaded;
}
