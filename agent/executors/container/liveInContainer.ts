import type { OutputSink } from '../executor';
import { type CellReply, type CellRequest, lineReader, readReply } from '../interpreter/control';
import { interpreterKinds } from '../interpreter/kinds';
import { type ExecProcess, wordsOf } from './access';
import { type ContainerPlace, within } from './containerPlace';
import { relays } from './relay';

/** An interpreter in a container that waits for cells. */
export interface LiveInContainer {
  readonly kind: 'python' | 'node';
  readonly process: ExecProcess;
  /** In the environment of all that it starts, and its own. */
  readonly mark: string;
  /** It was started with a terminal, for as long as it lives. */
  readonly hasTerminal: boolean;
  /** What is no reply came through its line: nothing that it says counts any more, and it ends. */
  readonly isBroken: boolean;
  /** Settles with undefined where it has gone, or its line is broken, before it answers. */
  execute(request: CellRequest): Promise<CellReply | undefined>;
  /** Who gets the output from now on; between cells nobody. */
  receive(sink: OutputSink | undefined): void;
  /** Why its line was cut; see {@link ExecProcess}. */
  lost(): string | undefined;
  close(): void;
}

/** What an interpreter is started with. */
export interface LiveStart {
  readonly place: ContainerPlace;
  readonly kind: 'python' | 'node';
  /** Absolute path in the container. */
  readonly program: string;
  /** Names its files; unique within the place. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly terminal: { readonly columns: number; readonly rows: number } | undefined;
  /** Milliseconds that it has to begin. */
  readonly deadline: number;
}

/** Gives what it starts a mark of its own. Arguments: variable and value, then the command. */
const begin = 'export "$1"; shift; trap "" HUP; exec "$@"';

/** Starts an interpreter with its driver and the line to it. Rejects with an Error for a person. */
export async function startLive(start: LiveStart): Promise<LiveInContainer> {
  const { place, kind, program, name, env, terminal, deadline } = start;
  const { driver, args, driverFile } = interpreterKinds[kind];
  const base = `${place.facts.folder}/${name}`;
  const path = `${base}.${driverFile}`;
  const mark = `HANDRAIL_CELL=${place.hold}${name}.`;
  await place.write(path, driver);
  const line = await openLine(place, [program, ...relays[kind], `${base}.sock`], deadline);
  let receiver: OutputSink | undefined;
  const process = await place.start(
    { command: ['sh', '-c', begin, 'handrail', mark, program, ...args, path, `${base}.sock`], env, terminal },
    (stream, bytes) => receiver?.write(terminal === undefined ? stream : 'tty', bytes),
  );
  void process.ended.then(() => line.close());
  return {
    ...{ kind, process, mark, hasTerminal: terminal !== undefined },
    get isBroken() {
      return line.isBroken;
    },
    execute: request => line.execute(request),
    receive: sink => void (receiver = sink),
    lost: () => line.lost(),
    close() {
      line.close();
      process.close();
    },
  };
}

/** The control line, through a relay in the container. */
async function openLine(place: ContainerPlace, command: readonly [string, ...string[]], deadline: number) {
  let answer: ((reply: CellReply | undefined) => void) | undefined;
  const settle = (reply: CellReply | undefined): void => {
    answer?.(reply);
    answer = undefined;
  };
  let ready = (): void => undefined;
  const isReady = new Promise<void>(resolve => (ready = resolve));
  let said = '';
  let isBroken = false;
  const broken = (): void => {
    isBroken = true;
    settle(undefined);
    relay.close();
  };
  const read = lineReader(text => {
    if (text === 'ready') return ready();
    const reply = readReply(text);
    // The first word counts, as on this machine.
    if (reply === undefined) broken();
    else settle(reply);
  });
  const relay = await place.start({ command, env: {}, terminal: undefined }, (stream, bytes) => {
    if (stream === 'stderr') said = (said + Buffer.from(bytes).toString()).slice(-500);
    else if (!read(Buffer.from(bytes))) broken();
  });
  void relay.ended.then(() => settle(undefined));
  const gone = relay.ended.then(() => {
    throw new Error(`${command[0]} could not be started in ${place.access.name}: ${said.trim()}`);
  });
  await within(deadline, Promise.race([isReady, gone]), wordsOf(place.access));
  gone.catch(() => undefined);
  return {
    execute(request: CellRequest): Promise<CellReply | undefined> {
      return new Promise(resolve => {
        answer = resolve;
        relay.write(Buffer.from(`${JSON.stringify(request)}\n`));
      });
    },
    get isBroken() {
      return isBroken;
    },
    lost: () => relay.lost?.(),
    close: () => relay.close(),
  };
}
