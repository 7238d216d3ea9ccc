import * as pty from 'node-pty';
import { eventually, program, type Place } from './handrail';

/** Handrail in a terminal, and a person at it. */
export class Sitting implements Disposable {
  screen = '';
  readonly #terminal: pty.IPty;
  readonly #exit: Promise<number>;

  constructor(place: Place, command: string, [columns, rows] = [80, 24]) {
    const handrail = `'${process.execPath}' '${program}'`;
    this.#terminal = pty.spawn('bash', ['--norc', '-c', command.replaceAll('handrail', handrail)], {
      cols: columns,
      rows: rows,
      cwd: place.path,
      env: { ...place.env, NO_COLOR: '1' },
    });
    this.#terminal.onData(data => (this.screen += data));
    this.#exit = new Promise(resolve => this.#terminal.onExit(({ exitCode }) => resolve(exitCode)));
  }

  /** Waits until this is on the screen. */
  sees(text: string | RegExp): Promise<true> {
    const seen = (): boolean =>
      typeof text === 'string' ? this.screen.includes(text) : text.test(this.screen);
    return eventually(() => seen() || undefined).catch((error: unknown) => {
      throw new Error(`${String(text)} is not on the screen:\n${this.screen}`, { cause: error });
    });
  }

  type(keys: string): void {
    this.#terminal.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  get ended(): Promise<number> {
    return this.#exit;
  }

  [Symbol.dispose](): void {
    this.#terminal.kill('SIGKILL');
  }
}
