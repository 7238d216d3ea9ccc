import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';

/** A socket that is being listened at. */
export interface Listener {
  /** Whether who opens its path reaches us. */
  readonly isInPlace: boolean;
  /** Takes no more connections, and removes the socket where it is still ours. */
  close(): void;
}

/** Connections at a time; more than this is somebody's mistake. */
const mostConnections = 256;

/** Listens at a path, in place of whatever socket or file is there, or at the name of a Windows pipe. */
export function listenAt(
  address: string,
  enter: (socket: net.Socket) => void,
  onError: (error: Error) => void,
): Promise<Listener> {
  return process.platform === 'win32'
    ? listenAtPipe(address, enter, onError)
    : listenAtFile(address, enter, onError);
}

async function listenAtPipe(...[address, enter, onError]: Parameters<typeof listenAt>): Promise<Listener> {
  const server = await listen(address, enter, onError);
  return { isInPlace: true, close: () => void server.close() };
}

/**
 * Bound under another name and moved into place: a server that closes removes the name it was bound to, whoever's
 * file that is by then. The name is no longer than the socket's own, whose length is limited.
 */
async function listenAtFile(...[address, enter, onError]: Parameters<typeof listenAt>): Promise<Listener> {
  const bound = path.join(path.dirname(address), `new-${process.pid}`);
  fs.rmSync(bound, { force: true });
  const server = await listen(bound, enter, onError);
  try {
    fs.chmodSync(bound, 0o600);
    fs.renameSync(bound, address);
  } catch (error) {
    server.close();
    throw error;
  }
  // While the socket is open its number is not given to another file.
  const own = inode(address);
  const isInPlace = (): boolean => inode(address) === own;
  return {
    get isInPlace() {
      return isInPlace();
    },
    close() {
      if (isInPlace()) fs.rmSync(address, { force: true });
      server.close();
    },
  };
}

async function listen(...[address, enter, onError]: Parameters<typeof listenAt>): Promise<net.Server> {
  const server = net.createServer(enter);
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server.on('error', onError);
}

function inode(file: string): number | undefined {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.ino;
}
