import {
  type ContainerAccess,
  type ExecProcess,
  type ExecStart,
  type PlaceWords,
  type Take,
  wordsOf,
} from './access';
import { anchor, collect, findProgram, listAll, signalAll, writeFile } from './scripts';

/** What a container is like for a session. */
export interface PlaceFacts {
  /** Private folder in it, for the session's files. */
  readonly folder: string;
  readonly cwd: string;
  readonly umask: number;
  /** Absolute path, where it has bash. */
  readonly bash: string | undefined;
  readonly env: ReadonlyMap<string, string>;
}

/** What a cell left when it was over. */
export interface Collected {
  /** Exit status; `cwd`: its folder is not there; undefined: it could not be told. */
  readonly status: number | 'cwd' | undefined;
  /** What it wrote into its file of outputs. */
  readonly output: Buffer;
  /** What its shell wrote, one character a byte; undefined where that is nothing. */
  readonly state: string | undefined;
}

/** The engine does such things at once, or does not answer. Milliseconds. */
const askDeadline = 15_000;

/** Answers of our own scripts are not longer. Bytes. */
const longestAnswer = 16 * 1024 * 1024;

/** In the environment of what cells run in, and so of all else: what only they had would not be found. */
export const holdVariable = 'HANDRAIL_HOLD';

/** A session's place in a container: its folder, what there is, and the process that ends all when we are gone. */
export class ContainerPlace {
  readonly access: ContainerAccess;
  readonly facts: PlaceFacts;
  /** In the environment of all that the session starts: `HANDRAIL_CELL=` and the beginning of its value. */
  readonly mark: string;
  /** Value of {@link holdVariable}. */
  readonly hold: string;
  /** The container has ended or was restarted: nothing of the session is there any more. */
  isLost = false;
  readonly #anchor: ExecProcess;
  /** What was asked of it last was not done. */
  #isSilent = false;

  private constructor(access: ContainerAccess, facts: PlaceFacts, mark: string, held: ExecProcess) {
    this.access = access;
    this.facts = facts;
    this.mark = mark;
    this.hold = mark.replace('HANDRAIL_CELL=', '');
    this.#anchor = held;
    void held.ended.then(() => (this.isLost = true));
  }

  /** Settles in it; rejects with an Error for a person where that cannot be. `id` is unique to the session. */
  static async settle(access: ContainerAccess, id: string): Promise<ContainerPlace> {
    const mark = `HANDRAIL_CELL=${id}.`;
    const read = collector();
    let complete = (): void => undefined;
    const told = new Promise<void>(resolve => (complete = resolve));
    const command = [
      'sh',
      '-c',
      anchor,
      'handrail',
      `.handrail-${id}`,
      mark,
      `${holdVariable}=${id}.`,
      access.isOwn ? 'own' : 'other',
    ] as const;
    const held = await access.start({ command, env: {}, terminal: undefined }, (stream, bytes) => {
      if (read.ended) return;
      void read.take(stream, bytes);
      if (read.out.includes('\0end\0')) {
        read.ended = true;
        complete();
      }
    });
    await within(askDeadline, Promise.race([told, held.ended]), wordsOf(access));
    const facts = factsOf(read.out);
    if (facts !== undefined) return new ContainerPlace(access, facts, mark, held);
    held.close();
    throw new Error(await notSettled(access, held, read));
  }

  start(start: ExecStart, take: Take): Promise<ExecProcess> {
    return this.access.start({ ...start, folder: this.facts.folder }, take);
  }

  /** Writes a file that only its owner can read; one character a byte. */
  async write(path: string, content: string): Promise<void> {
    const { err, exit } = await this.#ask(writeFile, [path], Buffer.from(content, 'latin1'));
    if (exit !== 0) throw new Error(`${path} in ${this.access.name} cannot be written: ${err.trim()}`);
  }

  /** Takes what a cell left in the files whose names begin with `path`, and removes them. */
  async collect(path: string, longestOutput: number, mark: string): Promise<Collected> {
    const { out } = await this.#ask(collect, [path, String(longestOutput), mark]);
    const first = out.indexOf(10);
    const second = out.indexOf(10, first + 1);
    const status = out.subarray(0, Math.max(first, 0)).toString();
    const length = Number(out.subarray(first + 1, second).toString());
    const state = out.subarray(second + 1 + length);
    return {
      status: status === 'cwd' ? 'cwd' : /^\d+$/.test(status) ? Number(status) : undefined,
      output: out.subarray(second + 1, second + 1 + length),
      state: state.length === 0 ? undefined : state.toString('latin1'),
    };
  }

  /**
   * Sends a signal to everything that has `mark` in its environment, to what is `known`, and to the descendants of both.
   * Gives them, to be known the next time.
   */
  async signal(
    mark: string,
    signal: 'INT' | 'TERM' | 'KILL',
    known: readonly string[],
  ): Promise<readonly string[]> {
    const { out } = await this.#ask(signalAll, [signal, mark, ...known]);
    return out.toString().split('\n').filter(Boolean);
  }

  /** Processes with `mark` in their environment, and their descendants. */
  async list(mark: string): Promise<{ pid: number; command: string }[]> {
    const { out } = await this.#ask(listAll, [mark]);
    const parts = out.toString().split('\0').slice(0, -1);
    return parts.flatMap((pid, index) =>
      index % 2 === 0 ? [{ pid: Number(pid), command: (parts[index + 1] ?? '').trim() }] : [],
    );
  }

  /** Absolute path of the first of these programs that is there. */
  async find(names: readonly string[], env: Readonly<Record<string, string>>): Promise<string | undefined> {
    const { out } = await this.#ask(findProgram, names, undefined, env);
    return out.toString().trim() || undefined;
  }

  /** Ends all that the session has started, removes its files, gives the container up. */
  async close(): Promise<void> {
    this.#anchor.end();
    // Who has not answered before will not now.
    if (!this.#isSilent)
      await within(askDeadline, this.#anchor.ended, wordsOf(this.access)).catch(() => undefined);
    this.#anchor.close();
    await this.access.close();
  }

  async #ask(
    script: string,
    args: readonly string[],
    input?: Uint8Array,
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ out: Buffer; err: string; exit: number | undefined }> {
    const read = collector();
    const command = ['sh', '-c', script, 'handrail', ...args] as const;
    const asked = (async () => {
      const process = await this.access.start({ command, env, terminal: undefined }, read.take);
      if (input !== undefined) process.write(input);
      process.end();
      await process.ended;
      return process.exit();
    })();
    const exit = await within(askDeadline, asked, wordsOf(this.access)).catch((error: unknown) => {
      this.#isSilent = true;
      throw error;
    });
    return { out: read.out, err: read.err, exit };
  }
}

interface Collector {
  readonly take: Take;
  readonly out: Buffer;
  readonly err: string;
  ended: boolean;
}

function collector(): Collector {
  let out = Buffer.alloc(0);
  let err = '';
  return {
    ended: false,
    take(stream, bytes) {
      if (stream === 'stderr') err = (err + Buffer.from(bytes).toString()).slice(-2000);
      else if (out.length + bytes.length <= longestAnswer) out = Buffer.concat([out, bytes]);
    },
    get out() {
      return out;
    },
    get err() {
      return err;
    },
  };
}

function factsOf(out: Buffer): PlaceFacts | undefined {
  const parts = out.toString('latin1').split('\0');
  if (parts.at(-2) !== 'end' || parts[4] !== 'env') return undefined;
  const [folder = '', cwd = '/', umask = '', bash = ''] = parts.map(part =>
    Buffer.from(part, 'latin1').toString(),
  );
  if (folder === '') return undefined;
  const entries = parts.slice(5, -2).map(entry => Buffer.from(entry, 'latin1').toString());
  const env = new Map(
    entries.flatMap(entry => {
      const at = entry.indexOf('=');
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)] as const] : [];
    }),
  );
  return { folder, cwd, umask: parseInt(umask, 8) || 0o022, bash: bash || undefined, env };
}

/** Why cells cannot run there. */
async function notSettled(access: ContainerAccess, held: ExecProcess, read: Collector): Promise<string> {
  const trouble = await access.trouble();
  if (trouble !== undefined) return trouble;
  if (read.out.includes('\0end\0'))
    return `Cells leave files in the container while they run, and ${access.name} has no folder that can be written: ${wordsOf(access).writable}.`;
  const exit = await held.exit();
  const said = [read.err, read.out.toString(), held.lost?.()].filter(Boolean).join(' ').trim().slice(-500);
  if (exit === 126 || exit === 127 || /executable file not found|no such file/i.test(said))
    return `${access.name} has no shell (sh), and without one no cell can run in it. Use an image that has one, or run the cell elsewhere.`;
  return `${access.name} did not take the cell${said === '' ? '' : `: ${said}`}`;
}

/** Rejects where it takes longer. */
export async function within<T>(ms: number, promise: Promise<T>, { who, alive }: PlaceWords): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${who} has not answered for ${ms / 1000} s. See whether it is alive: ${alive}`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
