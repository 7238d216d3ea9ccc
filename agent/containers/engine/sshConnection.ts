import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Address } from '../endpoints/addresses';

/** Bytes of what `ssh` says that are kept. */
const longestWords = 4096;

/** How to reach an engine through a host. */
export interface SshWay {
  readonly address: Extract<Address, { kind: 'ssh' }>;
  /** The program there that hands the connection on. */
  readonly remote: 'docker' | 'podman';
  /** What of the client's environment `ssh` gets: PATH, HOME, SSH_AUTH_SOCK. */
  readonly env: Readonly<Record<string, string>>;
}

/** `ssh` ended before it was connected, or could not be started; `message` is what it said. */
export class SshFailure extends Error {
  override readonly name = 'SshFailure';
  /** Of the program; 255 is its own failure, others the remote program's. */
  readonly exit: number | undefined;

  constructor(message: string, exit?: number) {
    super(message);
    this.exit = exit;
  }
}

/**
 * One connection to an engine: a process `ssh HOST docker system dial-stdio`, as Docker's own program does it. It never
 * asks; whoever has to answer something logs in once by hand.
 */
export class SshConnection extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #said = '';
  #received = false;

  constructor(way: SshWay) {
    super();
    this.#child = spawn('ssh', sshArguments(way), { env: { ...way.env }, detached: true });
    const { stdin, stdout, stderr } = this.#child;
    stdout.on('data', (chunk: Buffer) => {
      this.#received = true;
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-longestWords);
    });
    stdin.on('error', () => undefined);
    this.#child.on('error', error => this.destroy(new SshFailure(`ssh cannot be started: ${error.message}`)));
    this.#child.on('close', code => this.#closed(code));
  }

  // What Node's HTTP client asks of a socket.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    this.#child.ref();
    return this;
  }
  unref(): this {
    this.#child.unref();
    return this;
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    // An end of `ssh` is told by its close, with the reason.
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.kill('SIGTERM');
    done(error);
  }

  #closed(code: number | null): void {
    if (this.#received && code !== 255) this.push(null);
    else this.destroy(new SshFailure(this.#words(code), code ?? undefined));
  }

  #words(code: number | null): string {
    const lines = this.#said.split('\n').filter(line => line.trim() !== '' && !line.startsWith('Warning:'));
    return lines.slice(-3).join(' ').trim() || `ssh ended (exit ${code ?? 'by a signal'})`;
  }
}

/** Arguments of `ssh` for {@link SshConnection}. */
export function sshArguments({ address, remote }: SshWay): string[] {
  const { host, user, port, path } = address;
  const options = ['BatchMode=yes', 'ConnectTimeout=10', 'ServerAliveInterval=30', 'ServerAliveCountMax=3'];
  const url = path === undefined ? [] : [remote === 'podman' ? '--url' : '--host', `unix://${path}`];
  return [
    ...options.flatMap(option => ['-o', option]),
    '-T',
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
    // The other end's shell takes this apart.
    [remote, ...url, 'system', 'dial-stdio'].map(quoted).join(' '),
  ];
}

function quoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
