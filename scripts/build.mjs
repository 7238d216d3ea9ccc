// Bundles every program of Handrail into dist/. Usage: node scripts/build.mjs [--watch]
import * as esbuild from 'esbuild';
import * as yaml from 'yaml';
import { chmodSync, mkdirSync } from 'node:fs';

const watch = process.argv.includes('--watch');

/** What a bundle may not contain: it is there at run time (VS Code), or must stay a file of its own. */
const external = ['vscode', 'node-pty', '*.node'];

/** Evaluates the YAML library at its first use: most runbooks have no front matter, and it is a third of the start. */
const lazyYaml = {
  name: 'lazy-yaml',
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, ({ namespace }) =>
      namespace === 'lazy' ? undefined : { path: 'yaml', namespace: 'lazy' },
    );
    build.onLoad({ filter: /^yaml$/, namespace: 'lazy' }, () => ({
      contents: Object.keys(yaml)
        .filter(name => name !== 'default' && name !== 'module.exports')
        .map(
          name =>
            `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => require('yaml').${name} });`,
        )
        .join('\n'),
      resolveDir: process.cwd(),
    }));
  },
};

/** Bundles of their own, loaded at their first use: who imports such a file gets the bundle that lies beside it. */
const apart = { kubernetesSecret: 'agent/secrets/providers/kubernetesSecret.ts' };

const keptApart = {
  name: 'kept-apart',
  setup(build) {
    build.onResolve({ filter: new RegExp(`/(${Object.keys(apart).join('|')})$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${path.split('/').at(-1)}.js`, external: true } : undefined,
    );
  },
};

const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  mainFields: ['module', 'main'],
  external,
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  logLevel: 'info',
  plugins: [lazyYaml, keptApart],
};

const builds = [
  { ...node, entryPoints: { extension: 'extension/extension.ts' } },
  { ...node, entryPoints: { agent: 'agent/main.ts' } },
  // The launcher runs on any Node a person may have, so it is small and old-fashioned; it loads cli.js.
  { ...node, entryPoints: { handrail: 'agent/cli/launch.ts' }, target: 'node14' },
  { ...node, entryPoints: { cli: 'agent/cli/main.ts' } },
  { ...node, entryPoints: apart },
  {
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'chrome130',
    entryPoints: {
      renderer: 'extension/renderer/renderer.ts',
      markdownLinks: 'extension/renderer/markdownLinks.ts',
    },
    loader: { '.css': 'text' },
    minify: true,
    sourcemap: 'linked',
    logLevel: 'info',
  },
].map(build => ({ ...build, outdir: 'dist' }));

mkdirSync('dist', { recursive: true });
if (watch) {
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  await Promise.all(builds.map(build => esbuild.build(build)));
  chmodSync('dist/handrail.js', 0o755);
}
