import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { endProcessesWith } from '../../support/processesWith';
import { temporaryFolder } from '../../support/temporaryFolder';

/** The built program. */
export const program = join(process.env['HANDRAIL_DIST'] ?? resolve('dist'), 'handrail.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a Handrail of its own: history, agent and files. Everything goes with it, processes too. */
export class Place implements AsyncDisposable {
  readonly path: string;
  readonly env: Record<string, string>;
  readonly #folder: AsyncDisposable;

  private constructor(folder: { path: string } & AsyncDisposable) {
    this.path = folder.path;
    this.#folder = folder;
    const { PATH = '', HOME = '' } = process.env;
    this.env = { PATH, HOME, LANG: 'C.UTF-8', TERM: 'xterm', HANDRAIL_HOME: join(folder.path, 'home') };
  }

  static async make(files: Readonly<Record<string, string>> = {}): Promise<Place> {
    const place = new Place(await temporaryFolder('cli'));
    for (const [name, content] of Object.entries(files)) await writeFile(join(place.path, name), content);
    return place;
  }

  start(
    args: readonly string[],
    { env = {}, node = [] as string[], collect = true } = {},
  ): ChildProcess & { ended: Promise<Ended> } {
    const child = spawn(process.execPath, [...node, program, ...args], {
      cwd: this.path,
      env: { ...this.env, ...env },
      stdio: 'pipe',
    });
    // A program that does not read its input may be gone before it is written.
    child.stdin.on('error', () => undefined);
    const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject).once('close', (code, signal) => resolve([code, signal]));
    });
    const streams = collect ? [text(child.stdout), text(child.stderr)] : [];
    const ended = Promise.all([exit, ...streams] as const).then(
      ([[code, signal], stdout = '', stderr = '']) => ({ code, signal, stdout, stderr }),
    );
    return Object.assign(child, { ended });
  }

  run(args: readonly string[], { input = '', env = {}, node = [] as string[] } = {}): Promise<Ended> {
    const child = this.start(args, { env, node });
    child.stdin?.end(input);
    return child.ended;
  }

  read(name: string): Promise<string> {
    return readFile(join(this.path, name), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessesWith('HANDRAIL_HOME', this.env['HANDRAIL_HOME'] ?? '');
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** Asks again and again until there is an answer. */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  within = 10_000,
): Promise<T> {
  for (const until = Date.now() + within; ;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`not within ${within} ms: ${ask.toString()}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** A runbook of shell cells: name and attributes → text. */
export function runbook(cells: Readonly<Record<string, string>>): string {
  const fences = Object.entries(cells).map(([info, body]) => `\`\`\`sh {name=${info}}\n${body}\n\`\`\`\n`);
  return `# A runbook\n\n${fences.join('\n')}`;
}
