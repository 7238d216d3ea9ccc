import Docker from 'dockerode';
import { openExec } from '../../../../agent/containers/exec/openExec';

// A process that has a shell open in a container, and is killed. Arguments: the engine's socket, the container, whether
// it is a terminal, the command line for its shell.
const [socketPath = '', container = '', tty, line = ''] = process.argv.slice(2);
const terminal = tty === 'tty' ? { columns: 80, rows: 24 } : undefined;
const opened = openExec(
  new Docker({ socketPath }),
  { container, terminal, command: ['sh'], env: {} },
  {
    send: (_, bytes) => Promise.resolve(void process.stdout.write(bytes)),
    end: () => process.exit(1),
  },
);
void opened.then(({ source }) => source.write(Buffer.from(`${line}\n`)));
