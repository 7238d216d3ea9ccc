import type { Stream } from '../../protocol/output';

/** A command in a container. */
export interface ExecStart {
  readonly command: readonly [string, ...string[]];
  /** Beside those that the container gives. */
  readonly env: Readonly<Record<string, string>>;
  readonly terminal: { readonly columns: number; readonly rows: number } | undefined;
  /** A private folder that is there, for what has to be written before. */
  readonly folder?: string;
}

/** Takes what a command prints, in order; a returned promise is back-pressure. */
export type Take = (stream: Stream, bytes: Uint8Array) => void | Promise<void>;

/** A command under way. */
export interface ExecProcess {
  /** Settles when its output has ended: also where the engine or the container has gone. Never rejects. */
  readonly ended: Promise<void>;
  write(data: Uint8Array): void;
  /** End of its input. */
  end(): void;
  resize(columns: number, rows: number): void;
  /** Lets go of it; its input ends, what it prints is read by nobody. */
  close(): void;
  /** Its exit code, once it has one; undefined where nobody can tell. */
  exit(): Promise<number | undefined>;
  /** Why it ended for us that did not end itself: its connection was cut, and it may go on. */
  lost?(): string | undefined;
}

/** What a person is told of those who run containers. */
export interface PlaceWords {
  /** The one that does not answer. */
  readonly who: string;
  /** How to see whether it is alive. */
  readonly alive: string;
  /** How a container gets a folder that can be written. */
  readonly writable: string;
}

const engineWords: PlaceWords = {
  who: 'The engine',
  alive: 'docker info',
  writable: 'give it a tmpfs at /tmp (docker run --tmpfs /tmp)',
};

/** The words of an access; those of an engine where it has none. */
export function wordsOf({ words = engineWords }: Pick<ContainerAccess, 'words'>): PlaceWords {
  return words;
}

/** The way into one container that runs. */
export interface ContainerAccess {
  /** As a person knows it: `container web`, `image alpine:3`. */
  readonly name: string;
  /** Whether it was made for its user, and goes when that closes it. */
  readonly isOwn: boolean;
  readonly words?: PlaceWords;
  /** Milliseconds after which its end is told at the latest. */
  readonly endIsTold?: number;
  /** Rejects with an Error whose message is for a person. */
  start(start: ExecStart, take: Take): Promise<ExecProcess>;
  /** Why nothing can be run in it any more, if that is so. */
  trouble(): Promise<string | undefined>;
  /** Whether its target still means this one to a client with this environment; true where it cannot mean another. */
  isMeant?(environment: Pick<TargetUse, 'env' | 'cwd'>): boolean;
  /** Gives it up; one that was made for its user is removed. */
  close(): Promise<void>;
}

/** Engines tell of a container's end a moment after that of what ran in it. Milliseconds. */
const usualEndIsTold = 1000;

/** Why something in a container ended that did not end by itself, if the container or its engine is why. */
export async function troubleOf(access: ContainerAccess): Promise<string | undefined> {
  const end = performance.now() + (access.endIsTold ?? usualEndIsTold);
  for (;;) {
    const trouble = await access.trouble();
    if (trouble !== undefined || performance.now() > end) return trouble;
    await new Promise<void>(resolve => setTimeout(resolve, 100));
  }
}

/** What a target is opened for. */
export interface TargetUse {
  /** As `target=` has it: `container:web`. */
  readonly target: string;
  /** Of the client: where its engine is. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the runbook. */
  readonly folder: string;
  /** The runbook that opened it first: what is made for it is called like it. */
  readonly runbook?: string | undefined;
  /** Of the client: where relative paths in `env` begin. */
  readonly cwd: string;
  /** As whom; see `CellSpec`. */
  readonly user: string | undefined;
  /** Told what it waits for. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Opens containers for cells. Rejects with an Error whose message is for a person: what, where, what next. */
export type OpenTarget = (use: TargetUse) => Promise<ContainerAccess>;
