import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A port of loopback that leads to another one while it is open. */
export interface Gate extends AsyncDisposable {
  readonly port: number;
  /** Cuts what goes through it, and lets nobody in. */
  shut(): void;
  open(): void;
}

export async function openGate(to: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer(socket => {
    if (!isOpen) return void socket.resetAndDestroy();
    const other = connect(to, '127.0.0.1');
    for (const each of [socket, other]) {
      sockets.add(each);
      each.on('error', () => undefined);
      each.on('close', () => {
        sockets.delete(each);
        socket.destroy();
        other.destroy();
      });
    }
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    shut,
    open: () => void (isOpen = true),
    async [Symbol.asyncDispose]() {
      shut();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
