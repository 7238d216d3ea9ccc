import * as fs from 'node:fs';
import type * as net from 'node:net';
import * as path from 'node:path';
import { privateFolder } from '../privateFolder';
import type { Rendezvous } from '../rendezvous';
import type { Wire } from '../transport/wire';
import { listenAt, type Listener } from './listenAt';
import { type Lock, takeLock } from './lock';
import type { Log } from './log';
import { isToken, removeToken, writeToken } from './token';

/** Where clients come in. */
export interface Door {
  /** Nobody comes in any more. */
  close(): void;
  /** Another agent may open one. */
  release(): void;
}

/** Whose door it is. */
export interface Doorkeeper {
  /** A connection, and the token that it must show. */
  enter(wire: Wire, token: string): void;
  /** Whether something goes on that would be lost if we went. */
  isNeeded(): boolean;
  /** Our files were removed and are there again, because we are needed. */
  restored(reason: string): void;
  /** Nobody finds us any more, for this reason; the door is closed. */
  displaced(reason: string): void;
}

/** Milliseconds until a change is looked at: who removes a folder shall not find new files in it. */
const settleTime = 100;
/** Milliseconds between two tries to make the files again, at most. */
const longestWait = 10_000;

/**
 * Listens at a rendezvous. Undefined: another agent listens there already. Only the holder of the lock touches the
 * socket, so a stale one is safely replaced.
 */
export async function openDoor(place: Rendezvous, log: Log, keeper: Doorkeeper): Promise<Door | undefined> {
  const lock = takeLock(place.lock);
  if (lock === undefined) return undefined;
  const door = new SocketDoor(place, log, keeper, lock);
  await door.open();
  return door;
}

/**
 * Cleaners of temporary folders remove files, people remove homes; nobody finds an agent then. While the lock's file
 * is in place nobody else can come, and a door that is needed makes its files again. Otherwise it closes for good.
 */
class SocketDoor implements Door {
  readonly #place: Rendezvous;
  readonly #log: Log;
  readonly #keeper: Doorkeeper;
  readonly #lock: Lock;
  readonly #token: string;
  #listener: Listener | undefined;
  #watchers: fs.FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  #wait = settleTime;
  #isClosed = false;

  constructor(place: Rendezvous, log: Log, keeper: Doorkeeper, lock: Lock) {
    this.#place = place;
    this.#log = log;
    this.#keeper = keeper;
    this.#lock = lock;
    this.#token = writeToken(place.token);
  }

  async open(): Promise<void> {
    this.#listener = await listenAt(
      this.#place.socket,
      socket => this.#keeper.enter(wireOf(socket), this.#token),
      error => this.#log.error('The socket has a problem', error),
    );
    this.#watch();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
    // What lies there now may be another agent's.
    this.#listener?.close();
    removeToken(this.#place.token, this.#token);
  }

  release(): void {
    this.#lock.release();
  }

  /** On Windows a pipe is no file that could be removed. */
  #watch(): void {
    if (process.platform === 'win32') return;
    for (const watcher of this.#watchers) watcher.close();
    const folders = new Set([path.dirname(this.#place.socket), path.dirname(this.#place.token)]);
    try {
      this.#watchers = [...folders].map(folder => this.#watchFolder(folder));
    } catch (error) {
      // The system allows only so many watchers; we are found all the same as long as nobody cleans.
      this.#log.error('Cannot watch the socket', error);
    }
  }

  #watchFolder(folder: string): fs.FSWatcher {
    const watcher = fs.watch(folder, { persistent: false }, () => this.#lookAfter(settleTime));
    watcher.on('error', () => watcher.close());
    return watcher;
  }

  #lookAfter(wait: number): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => void this.#look(), wait).unref();
  }

  async #look(): Promise<void> {
    const loss = this.#loss();
    if (loss !== undefined) await this.#remedy(loss);
    this.#timer = undefined;
    // Removed once more, while the files were being made.
    if (this.#loss() !== undefined) this.#lookAfter(this.#wait);
  }

  /** Why nobody can find us. */
  #loss(): string | undefined {
    if (this.#isClosed) return undefined;
    const { lock, socket, token } = this.#place;
    if (!this.#lock.isInPlace) {
      return fs.existsSync(lock) ? 'another agent has taken its place' : 'its files were removed';
    }
    if (this.#listener?.isInPlace !== true) return loss('socket', socket);
    return isToken(token, this.#token) ? undefined : loss('token', token);
  }

  async #remedy(reason: string): Promise<void> {
    if (!this.#lock.isInPlace || !this.#keeper.isNeeded()) {
      this.close();
      this.#keeper.displaced(reason);
    } else if (await this.#makeAgain()) {
      this.#log.warn('Socket or token made again', { reason });
      this.#wait = settleTime;
      this.#keeper.restored(reason);
    } else {
      this.#wait = Math.min(this.#wait * 2, longestWait);
    }
  }

  async #makeAgain(): Promise<boolean> {
    const { socket, token } = this.#place;
    try {
      if (process.platform !== 'win32') privateFolder(path.dirname(socket));
      this.#listener?.close();
      writeToken(token, this.#token);
      await this.open();
      return true;
    } catch (error) {
      this.#log.error('Cannot listen again', error);
      return false;
    }
  }
}

function loss(what: string, file: string): string {
  return `its ${what} was ${fs.existsSync(file) ? 'replaced' : 'removed'}`;
}

function wireOf(socket: net.Socket): Wire {
  return { input: socket, output: socket, destroy: () => socket.destroy() };
}
