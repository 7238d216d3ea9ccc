import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const repository = resolve(import.meta.dirname, '..', '..');

/** The agent as one file, as it is shipped; with another version if one is given. Goes when disposed. */
export async function buildAgent(version?: string): Promise<{ path: string } & Disposable> {
  // Within the repository, so that what is not bundled (node-pty) is found.
  const folder = join(
    repository,
    'node_modules',
    '.cache',
    `handrail-agent-${process.pid}-${version ?? 'own'}`,
  );
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'agent.js');
  await build({
    entryPoints: [join(repository, 'agent', 'main.ts')],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    external: ['node-pty', '*.node'],
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
    plugins: version === undefined ? [] : [versionPlugin(version)],
  });
  return {
    path,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

function versionPlugin(version: string): import('esbuild').Plugin {
  return {
    name: 'version',
    setup: build =>
      build.onLoad({ filter: /agent[\\/]version\.ts$/ }, () => ({
        contents: `export const productVersion = ${JSON.stringify(version)};`,
      })),
  };
}
