import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { IdentityFact } from '../protocol/plan';
import type { ConfigFiles } from './files';

/** What a provider may look at: variables, a folder, files. No process, no network. */
export interface IdentityWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly files: ConfigFiles;
  readonly warn: (message: string) => void;
}

/** As whom and where the tools of one kind act. */
export interface IdentityProvider {
  readonly kind: string;
  /** Programs that act so. */
  readonly tools: readonly string[];
  /** Whether a run stops where it changes. */
  readonly held: boolean;
  /** Undefined where nothing is configured. */
  read(world: IdentityWorld): Pick<IdentityFact, 'label' | 'values'> | undefined;
}

/** The variable's value, unless it is empty. */
export function variable({ env }: IdentityWorld, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}

/** A path below the person's home folder. */
export function atHome(world: IdentityWorld, ...parts: string[]): string {
  const home = variable(world, process.platform === 'win32' ? 'USERPROFILE' : 'HOME') ?? homedir();
  return resolve(world.cwd, home, ...parts);
}

/** The file as parsed, or undefined. */
export function readConfig<T>(world: IdentityWorld, path: string, parse: (text: string) => T): T | undefined {
  return world.files.get(resolve(world.cwd, path), parse, world.warn);
}

/** The value as an object with whatever in it; an empty one where it is none. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Only what is there. */
export function stated(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  return Object.fromEntries(texts);
}
