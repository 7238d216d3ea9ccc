import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, runCommand } from './command';
import { CannotInstall } from './realSystem';

/** Where what tests build is kept. */
export const testCache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'handrail-test');

/** Programs of Go modules, to be built from source. */
export interface GoPrograms {
  /** For messages: `Docker Compose v2.40.3`. */
  readonly what: string;
  /** What a person can do instead. */
  readonly hint: string;
  /** Where the programs come to lie. */
  readonly folder: string;
  /** Packages by the names of their programs. */
  readonly packages: Readonly<Record<string, string>>;
  readonly ldflags: string;
  /** Text of the go.mod in which they are built; `go` tells of modules. */
  readonly goMod: (go: (...args: string[]) => Promise<string>) => Promise<string>;
}

/** Builds those that are not there yet. Throws {@link CannotInstall} where that cannot be. */
export async function buildGoPrograms(wanted: GoPrograms): Promise<void> {
  const { what, hint, folder, packages, ldflags, goMod } = wanted;
  const program = await findOnPath('go');
  if (!program) throw new CannotInstall(`${what} is not installed: ${hint}. (Or install Go.)`);
  console.error(`Building ${what} (some minutes, once)…`);
  await mkdir(folder, { recursive: true });
  // Made aside and moved at the end, so that two at the same time do not meet.
  const aside = await mkdtemp(join(folder, 'making-'));
  const go = (...args: string[]) =>
    runCommand(program, args, { cwd: aside, env: { CGO_ENABLED: '0' }, deadline: 40 * 60_000 });
  try {
    await writeFile(join(aside, 'go.mod'), 'module tests\n');
    await writeFile(join(aside, 'go.mod'), await goMod(go));
    const imports = Object.values(packages).map(path => `import _ "${path}"\n`);
    await writeFile(join(aside, 'tools.go'), `//go:build tools\n\npackage tests\n\n${imports.join('')}`);
    await go('mod', 'tidy');
    for (const [name, path] of Object.entries(packages)) {
      await go('build', '-trimpath', `-ldflags=${ldflags}`, '-o', name, path);
      await rename(join(aside, name), join(folder, name));
    }
  } catch (cause) {
    throw new CannotInstall(`${what} could not be built: ${String(cause)}`, { cause });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
