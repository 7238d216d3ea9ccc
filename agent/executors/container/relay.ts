/**
 * Programs that carry the control line of an interpreter between a socket in the container and their own stdin and
 * stdout; called with the socket's path. They say `ready` when it is there, and end with either side.
 */
export const relays = {
  python: [
    '-c',
    `
import os, socket, sys, threading
os.umask(0o77)
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen(1)
os.write(1, b'ready\\n')
line, _ = server.accept()
os.unlink(sys.argv[1])
def carry():
    while True:
        data = os.read(0, 65536)
        if not data:
            break
        line.sendall(data)
    line.shutdown(socket.SHUT_WR)
threading.Thread(target=carry, daemon=True).start()
while True:
    data = line.recv(65536)
    if not data:
        os._exit(0)
    while data:
        data = data[os.write(1, data):]
`,
  ],
  node: [
    '-e',
    `
process.umask(0o77);
const server = require('node:net').createServer(line => {
  server.close();
  process.stdin.pipe(line);
  line.pipe(process.stdout);
  line.on('close', () => process.exit(0));
  line.on('error', () => process.exit(0));
});
server.listen(process.argv[1], () => process.stdout.write('ready\\n'));
`,
  ],
} as const;
