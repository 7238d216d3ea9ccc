import type { Terminal } from '@xterm/xterm';

/** Of one write: parsed in a millisecond or two, so that keys, scrolling and frames get their turn between. Bytes. */
const sliceBytes = 16 * 1024;
/** More is asked for while this much is still to be parsed. Bytes. */
const lowWater = 256 * 1024;

/** Writes bytes into a terminal in slices, and tells when it wants more. */
export class TerminalFeed {
  #pending = 0;
  #waiting: (() => void)[] = [];
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** `parsed` is called when the terminal shows all of them. */
  write(bytes: Uint8Array, parsed?: () => void): void {
    for (let start = 0; start < bytes.length; start += sliceBytes) {
      const slice = bytes.subarray(start, start + sliceBytes);
      const last = start + sliceBytes >= bytes.length;
      this.#pending += slice.length;
      this.#terminal.write(slice, () => {
        if (last) parsed?.();
        this.#parsed(slice.length);
      });
    }
    if (bytes.length === 0) this.then(() => parsed?.());
  }

  /** Calls back in order: after what was written before, before what is written later. */
  then(callback: () => void): void {
    this.#terminal.write('', callback);
  }

  /** Settles once little is left to parse. */
  async ready(): Promise<void> {
    if (this.#pending > lowWater) await new Promise<void>(resolve => this.#waiting.push(resolve));
  }

  #parsed(bytes: number): void {
    this.#pending -= bytes;
    if (this.#pending > lowWater) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Nothing will be parsed any more: nobody waits. */
  dispose(): void {
    this.#pending = 0;
    this.#parsed(0);
  }
}
