import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { Wire } from '../transport/wire';

/**
 * Takes stdin and stdout as a wire. From then on stdout belongs to the protocol: whatever else is written to it,
 * by console or by a library, goes to stderr.
 */
export function takeStdio(): Wire {
  const { stdin, stdout, stderr } = process;
  const write = stdout.write.bind(stdout) as (
    bytes: Uint8Array,
    done: (error?: Error | null) => void,
  ) => boolean;
  const output = new Writable({
    write: (bytes: Buffer, _encoding, done) => void write(bytes, done),
  });
  stdout.on('error', (error: Error) => output.destroy(error));
  stdout.write = stderr.write.bind(stderr);
  globalThis.console = new Console(stderr);
  return { input: stdin, output, destroy: () => stdin.destroy() };
}
