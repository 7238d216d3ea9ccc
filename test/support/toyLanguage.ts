import { appendFileSync } from 'node:fs';
import type { Ending, Execution, OutputSink } from '../../agent/executors/executor';

/** What a toy cell finds. */
export interface ToyWorld {
  /** How often this text has run in its session, this time included. */
  readonly count: number;
  readonly sink: OutputSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * One command a line: `print TEXT`, `exit N`, `exit-until K N` (N in the first K times, then 0), `hang` (until it is
 * stopped), `cling` (until it is stopped twice), `wait MS`, `signal NAME`, `error TEXT`, `reject TEXT` (a bug of the
 * session), `out LINE` (into `$HANDRAIL_OUTPUT`), `var NAME` and `secret NAME` (print it). Anything else does nothing.
 */
export function runToy(text: string, world: ToyWorld): Execution {
  let patience = 1;
  let stop: (reason: 'cancel' | 'timeout') => void = () => undefined;
  const stopped = new Promise<Ending>(resolve => {
    stop = reason => {
      patience -= 1;
      if (patience <= 0) resolve({ reason, signal: 'SIGINT' });
    };
  });
  const run = async (): Promise<Ending> => {
    for (const line of text.split('\n')) {
      const [command, ...words] = line.split(' ');
      const rest = words.join(' ');
      if (command === 'hang') return stopped;
      if (command === 'cling') return ((patience = 2), stopped);
      if (command === 'wait') {
        const waited = new Promise<undefined>(resolve => setTimeout(resolve, Number(rest), undefined));
        const cut = await Promise.race([waited, stopped]);
        if (cut) return cut;
      }
      await speak(command, rest, world);
      const ending = end(command, words, world.count);
      if (ending) return ending;
    }
    return { reason: 'exit', exit: 0 };
  };
  const ended = run();
  return { ended, stop: reason => stop(reason), write: () => undefined, resize: () => undefined };
}

async function speak(
  command: string | undefined,
  rest: string,
  { sink, env, secrets }: ToyWorld,
): Promise<void> {
  const print = (line: string): void | Promise<void> => sink.write('stdout', Buffer.from(`${line}\n`));
  if (command === 'print') await print(rest);
  else if (command === 'var') await print(env[rest] ?? 'unset');
  else if (command === 'secret') await print(secrets.get(rest) ?? 'none');
  else if (command === 'out') appendFileSync(env['HANDRAIL_OUTPUT'] ?? '/nowhere', `${rest}\n`);
}

function end(command: string | undefined, words: readonly string[], count: number): Ending | undefined {
  const rest = words.join(' ');
  if (command === 'exit') return { reason: 'exit', exit: Number(rest), failedLine: 1 };
  if (command === 'exit-until' && count <= Number(words[0]))
    return { reason: 'exit', exit: Number(words[1]) };
  if (command === 'reject') throw new Error(rest);
  if (command === 'signal') return { reason: 'signal', signal: rest };
  if (command === 'error') return { reason: 'error', message: rest };
  return undefined;
}
