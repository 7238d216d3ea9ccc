import { openSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';

/** The person's keyboard. */
export interface Keyboard {
  /** Asks on the terminal; Ctrl-C and Ctrl-D answer with nothing. */
  ask(question: string): Promise<string>;
  /** The same for a secret: what is typed does not show. */
  askHidden(question: string): Promise<string>;
  /** Hands over every key as it is pressed, Ctrl-C too, until {@link release}. */
  capture(onKeys: (bytes: Uint8Array) => void): void;
  release(): void;
  close(): void;
}

/** Opens standard input where it is the terminal, else the terminal itself; undefined where there is none. */
export function openKeyboard(): Keyboard | undefined {
  const input = process.stdin.isTTY ? process.stdin : openTty();
  if (input === undefined) return undefined;
  let listener: ((bytes: Buffer) => void) | undefined;
  const release = (): void => {
    if (listener === undefined) return;
    input.off('data', listener).pause().setRawMode(false);
    listener = undefined;
  };
  /** A step that has the keyboard lends it for the answer. */
  const asking = async (question: () => Promise<string>): Promise<string> => {
    const lent = listener;
    release();
    const answer = await question();
    if (lent !== undefined) capture(lent);
    return answer;
  };
  const capture = (onKeys: (bytes: Buffer) => void): void => {
    release();
    listener = onKeys;
    input.setRawMode(true).on('data', listener).resume();
  };
  // Whatever ends this process, the shell behind it gets its terminal back as it was.
  process.on('exit', release);
  return {
    ask: question => asking(() => ask(input, question, process.stderr)),
    askHidden: question => asking(() => askHidden(input, question)),
    capture,
    release,
    close() {
      release();
      process.off('exit', release);
      if (input === process.stdin) input.unref();
      else input.destroy();
    },
  };
}

async function askHidden(input: ReadStream, question: string): Promise<string> {
  process.stderr.write(question);
  // As a terminal, readline shows the keys itself; here it shows them to nobody.
  const nobody = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await ask(input, '', nobody);
  process.stderr.write('\n');
  return answer;
}

async function ask(input: ReadStream, question: string, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input, output, terminal: true });
  const given = new AbortController();
  lines.on('SIGINT', () => given.abort()).on('close', () => given.abort());
  try {
    return await lines.question(question, { signal: given.signal });
  } catch (error) {
    if (!given.signal.aborted) throw error;
    process.stderr.write('\n');
    return '';
  } finally {
    lines.close();
  }
}

function openTty(): ReadStream | undefined {
  try {
    return new ReadStream(openSync('/dev/tty', 'r+'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENXIO' || code === 'ENOENT' || code === 'EACCES' || code === 'EIO') return undefined;
    throw error;
  }
}
