import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { privateFolder } from '../privateFolder';
import type { Rendezvous } from '../rendezvous';
import type { Wire } from './clientConnection';
import { type Lock, takeLock } from './lock';
import type { Log } from './log';
import { removeToken, writeToken } from './token';

/** Where clients come in. */
export interface Door {
  /** Nobody comes in any more. */
  close(): void;
  /** Another agent may open one. */
  release(): void;
}

/** Connections at a time; more than this is somebody's mistake. */
const mostConnections = 256;
/** Milliseconds between two tries to make the files again. */
const firstWait = 50;
const longestWait = 10_000;

/**
 * Listens at a rendezvous and hands out each connection with the token it must show. Undefined: another agent
 * listens there already. Only the holder of the lock touches the socket, so a stale one is safely removed.
 */
export async function openDoor(
  place: Rendezvous,
  log: Log,
  enter: (wire: Wire, token: string) => void,
): Promise<Door | undefined> {
  const lock = takeLock(place.lock);
  if (lock === undefined) return undefined;
  const door = new SocketDoor(place, log, enter, lock);
  await door.open();
  return door;
}

/**
 * Cleaners of temporary folders remove old files; without them nobody could find us, nor start another agent. So they
 * are made again, for as long as that takes: who is connected and what runs does not depend on it.
 */
class SocketDoor implements Door {
  readonly #place: Rendezvous;
  readonly #log: Log;
  readonly #enter: (wire: Wire, token: string) => void;
  readonly #token: string;
  #lock: Lock;
  #server: net.Server | undefined;
  #watchers: fs.FSWatcher[] = [];
  #isRestoring = false;
  #isClosed = false;

  constructor(place: Rendezvous, log: Log, enter: (wire: Wire, token: string) => void, lock: Lock) {
    this.#place = place;
    this.#log = log;
    this.#enter = enter;
    this.#lock = lock;
    this.#token = writeToken(place.token);
  }

  async open(): Promise<void> {
    this.#server = await listenAt(
      this.#place.socket,
      socket => this.#enter(wireOf(socket), this.#token),
      error => this.#log.error('The socket has a problem', error),
    );
    this.#watch();
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers) watcher.close();
    this.#server?.close();
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
    const watcher = fs.watch(folder, { persistent: false }, event => {
      if (event === 'rename') void this.#restore();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  }

  async #restore(): Promise<void> {
    if (this.#isRestoring || this.#isWhole) return;
    this.#isRestoring = true;
    this.#log.warn('Socket or token was removed; making them again');
    for (let wait = firstWait; !this.#isClosed && !this.#isWhole; wait = Math.min(wait * 2, longestWait)) {
      if (await this.#makeAgain()) continue;
      await delay(wait, undefined, { ref: false });
    }
    this.#isRestoring = false;
  }

  get #isWhole(): boolean {
    return fs.existsSync(this.#place.socket) && fs.existsSync(this.#place.token);
  }

  async #makeAgain(): Promise<boolean> {
    const { socket, token } = this.#place;
    try {
      for (const file of [socket, token]) privateFolder(path.dirname(file));
      if (!this.#keepLock()) {
        this.#log.warn('Another agent has taken the place');
        this.close();
        return true;
      }
      this.#server?.close();
      writeToken(token, this.#token);
      await this.open();
      return true;
    } catch (error) {
      this.#log.error('Cannot listen again', error);
      return false;
    }
  }

  /** A lock on a file that was removed keeps nobody out. False: somebody came in meanwhile. */
  #keepLock(): boolean {
    if (this.#lock.isInPlace) return true;
    const again = takeLock(this.#place.lock);
    if (again === undefined) return false;
    this.#lock.release();
    this.#lock = again;
    return true;
  }
}

async function listenAt(
  address: string,
  enter: (socket: net.Socket) => void,
  onError: (error: Error) => void,
): Promise<net.Server> {
  const isFile = process.platform !== 'win32';
  if (isFile) fs.rmSync(address, { force: true });
  const server = net.createServer(enter);
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', onError);
  if (isFile) fs.chmodSync(address, 0o600);
  return server;
}

function wireOf(socket: net.Socket): Wire {
  return { input: socket, output: socket, destroy: () => socket.destroy() };
}
