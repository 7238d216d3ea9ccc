import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

/** How a language's cells are executed. */
export interface LanguageProgram {
  readonly kind: 'bash' | 'zsh' | 'fish' | 'python' | 'node' | 'once';
  /** Names to look for on the client's PATH, in order, each with its arguments. */
  readonly programs: readonly (readonly [string, ...string[]])[];
  /** Debian's package, or what else to tell a person who lacks it. */
  readonly get: string;
  /** File extension that the program insists on. */
  readonly extension?: string;
}

const bash: LanguageProgram = { kind: 'bash', programs: [['bash'], ['sh']], get: 'apt-get install bash' };

function once(get: string, extension: string, ...programs: [string, ...string[]][]): LanguageProgram {
  return { kind: 'once', programs, get, extension };
}

/** Programs of the languages that can be executed, by the id of the language. */
const table: Readonly<Record<string, LanguageProgram>> = {
  bash,
  sh: bash,
  zsh: { kind: 'zsh', programs: [['zsh']], get: 'apt-get install zsh' },
  fish: { kind: 'fish', programs: [['fish']], get: 'apt-get install fish' },
  python: { kind: 'python', programs: [['python3'], ['python']], get: 'apt-get install python3' },
  node: { kind: 'node', programs: [['node']], get: 'apt-get install nodejs, or https://nodejs.org' },
  ruby: once('apt-get install ruby', 'rb', ['ruby']),
  perl: once('apt-get install perl', 'pl', ['perl']),
  php: once('apt-get install php-cli', 'php', ['php']),
  lua: once('apt-get install lua5.4', 'lua', ['lua'], ['lua5.4'], ['lua5.3']),
  go: once('apt-get install golang, or https://go.dev', 'go', ['go', 'run']),
  typescript: once('npm install --global tsx', 'ts', ['tsx'], ['deno', 'run'], ['bun', 'run']),
  r: once('apt-get install r-base-core', 'R', ['Rscript']),
  powershell: once('https://aka.ms/powershell', 'ps1', ['pwsh', '-NoProfile', '-File']),
};

/** The entry of a language; undefined where nothing is known to execute it. */
export function programOf(language: string): LanguageProgram | undefined {
  return Object.hasOwn(table, language) ? table[language] : undefined;
}

/** Says that a program is not there and how to get it. */
export function notInstalled(name: string, get: string | undefined): string {
  if (get !== undefined) return `${name} is not installed: ${get}`;
  return name.includes('/')
    ? `There is no program ${name}: correct interpreter= or install it there.`
    : `${name} is not installed, or not on the PATH: install it, or correct interpreter=`;
}

/** Says that nothing is known to execute a language and what to do. */
export function unknownLanguage(language: string): string {
  const known = Object.keys(table).join(', ');
  return `Nothing is known to run ${language} cells. Name a program with interpreter=, such as {interpreter="/usr/bin/${language}"}; known are ${known}.`;
}

/** Absolute path of a program as a shell with this PATH would find it; undefined where it is not there. */
export function findProgram(name: string, path: string | undefined, cwd: string): string | undefined {
  if (name.includes('/')) {
    const absolute = name.startsWith('/') ? name : join(cwd, name);
    return isExecutable(absolute) ? absolute : undefined;
  }
  for (const folder of (path ?? '/usr/local/bin:/usr/bin:/bin').split(':')) {
    const candidate = join(folder.startsWith('/') ? folder : join(cwd, folder), name);
    if (isExecutable(candidate)) return candidate;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
