import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import type { Rendezvous } from '../rendezvous';
import type { Wire } from './clientConnection';
import { takeLock } from './lock';
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
  const token = writeToken(place.token);
  const listen = (): Promise<net.Server> => listenAt(place.socket, socket => enter(wireOf(socket), token));
  let server = await listen();
  const watcher = watchFiles(place, () => {
    log.warn('Socket or token was removed; making them again');
    server.close();
    writeToken(place.token, token);
    listen().then(
      again => (server = again),
      (error: unknown) => log.error('Cannot listen again', error),
    );
  });
  return {
    close: () => {
      watcher?.close();
      server.close();
      removeToken(place.token, token);
    },
    release: () => lock.release(),
  };
}

async function listenAt(address: string, enter: (socket: net.Socket) => void): Promise<net.Server> {
  const isFile = process.platform !== 'win32';
  if (isFile) fs.rmSync(address, { force: true });
  const server = net.createServer(enter);
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(address, resolve);
  });
  if (isFile) fs.chmodSync(address, 0o600);
  return server;
}

function wireOf(socket: net.Socket): Wire {
  return { input: socket, output: socket, destroy: () => socket.destroy() };
}

/** Cleaners of temporary folders remove old sockets; without them nobody could find us, nor start another agent. */
function watchFiles(place: Rendezvous, restore: () => void): fs.FSWatcher | undefined {
  if (process.platform === 'win32') return undefined;
  const isThere = (): boolean => fs.existsSync(place.socket) && fs.existsSync(place.token);
  const watcher = fs.watch(path.dirname(place.socket), { persistent: false }, event => {
    if (event === 'rename' && !isThere()) restore();
  });
  watcher.on('error', () => watcher.close());
  return watcher;
}
