// Bundles every program of Handrail into dist/. Usage: node scripts/build.mjs [--watch]
import * as esbuild from 'esbuild';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const watch = process.argv.includes('--watch');

/** What a bundle may not contain: it is there at run time (VS Code), or must stay a file of its own. */
const external = ['vscode', 'node-pty', '*.node'];

/** Evaluated at their first use: nearly every run does without them, and together they were a third of its start. */
const late = [
  'yaml',
  'entities',
  'jsonc-parser',
  'smol-toml',
  'semver/functions/coerce',
  'semver/functions/parse',
  'semver/functions/satisfies',
  'semver/ranges/valid',
  './agent/config/configFile.ts',
  './agent/config/policyFile.ts',
  './agent/executors/savedSession.ts',
  './agent/protocol/plan.ts',
].map(name => (name.startsWith('.') ? resolve(name) : name));

/** Puts a module in front of each that has the same exports, and loads it when one of these is asked for. */
const evaluatedLate = {
  name: 'evaluated-late',
  setup(build) {
    const ends = late.map(name => name.replace(/\.ts$/, '').split('/').at(-1)).join('|');
    build.onResolve({ filter: new RegExp(`(^|/)(${ends})$`) }, ({ path, resolveDir, namespace, kind }) => {
      const wanted = path.startsWith('.') ? `${resolve(resolveDir, path)}.ts` : path;
      if (namespace === 'late' || kind === 'entry-point' || !late.includes(wanted)) return undefined;
      return { path: wanted, namespace: 'late' };
    });
    build.onLoad({ filter: /./, namespace: 'late' }, async ({ path }) => ({
      contents: (await exportsOf(path)).map(name => getter(path, name)).join('\n'),
      resolveDir: process.cwd(),
    }));
  },
};

async function exportsOf(path) {
  if (!path.endsWith('.ts')) {
    const names = Object.keys(createRequire(import.meta.url)(path));
    return [...new Set([...names, 'default', '__esModule'])].filter(name => name !== 'module.exports');
  }
  const options = { format: 'esm', metafile: true, write: false, outdir: 'dist' };
  const { metafile } = await esbuild.build({ entryPoints: [path], ...options });
  return ['__esModule', ...Object.values(metafile.outputs)[0].exports];
}

function getter(path, name) {
  const loaded = `require(${JSON.stringify(path)})`;
  if (name === '__esModule') return `Object.defineProperty(exports, '__esModule', { value: true });`;
  const value = name === 'default' ? `(m => (m.__esModule ? m.default : m))(${loaded})` : `${loaded}.${name}`;
  return `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => ${value} });`;
}

/**
 * Bundles of their own, loaded at their first use, because a program that starts reads its whole bundle: who imports
 * one of these gets the bundle that lies beside it.
 */
const apart = {
  kubernetesLibrary: 'agent/clusters/api/kubernetesLibrary.ts',
  kubernetesSecret: 'agent/secrets/providers/kubernetesSecret.ts',
  clientEngine: 'agent/containers/targets/clientEngine.ts',
  clusters: 'agent/clusters/clusters.ts',
  containers: 'agent/containers/containers.ts',
  execa: 'execa',
  headless: '@xterm/headless',
  yaml: 'yaml',
};

const keptApart = {
  name: 'kept-apart',
  setup(build) {
    const filter = new RegExp(`(^|/)(${Object.keys(apart).join('|')})$`);
    build.onResolve({ filter }, ({ path, kind, namespace }) =>
      kind === 'dynamic-import' || namespace === 'late'
        ? { path: `./${path.split('/').at(-1)}.js`, external: true }
        : undefined,
    );
  },
};

/** What dockerode has for building images and for SSH hosts, which nobody here uses; it is most of its size. */
const leftOut = {
  name: 'left-out',
  setup(build) {
    const filter = /^(@grpc\/(grpc-js|proto-loader)|protobufjs|ssh2)$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: '' }));
  },
};

/**
 * Leaves nothing but ASCII: a bundle with one other character is read, and kept, as two bytes a character. What is left
 * of them stands in regular expressions, which mean the same with escapes.
 */
const onlyAscii = {
  name: 'only-ascii',
  setup(build) {
    build.onEnd(({ metafile }) => {
      for (const file of Object.keys(metafile?.outputs ?? {}).filter(name => name.endsWith('.js'))) {
        const text = readFileSync(file, 'utf8');
        const escaped = text.replace(
          /[^\0-\x7f]/g,
          unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        if (escaped !== text) writeFileSync(file, escaped);
      }
    });
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
  metafile: true,
  plugins: [evaluatedLate, keptApart, leftOut, onlyAscii],
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
      logPage: 'extension/renderer/logPage/logPage.ts',
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
