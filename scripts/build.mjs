// Bundles every program of Handrail into dist/. Usage: node scripts/build.mjs [--watch]
import * as esbuild from 'esbuild';
import { createHash } from 'node:crypto';
import { chmodSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { apart } from './apart.mjs';

const watch = process.argv.includes('--watch');

/** What a bundle may not contain: it is there at run time (VS Code), or must stay a file of its own. */
const external = ['vscode', 'node-pty', '*.node'];

/** Evaluated at their first use: nearly every run does without them, and together they were a third of its start. */
const late = [
  '@marcbachmann/cel-js',
  're2js',
  'es-module-lexer/js',
  'yaml',
  'entities',
  'jsonc-parser',
  'smol-toml',
  'ignore',
  'diff',
  'semver/functions/coerce',
  'semver/functions/parse',
  'semver/functions/satisfies',
  'semver/ranges/valid',
  'vscode-jsonrpc/node',
  'zod',
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
      if (namespace !== 'file' || kind === 'entry-point' || !late.includes(wanted)) return undefined;
      return { path: wanted, namespace: 'late' };
    });
    build.onLoad({ filter: /./, namespace: 'late' }, async ({ path }) => ({
      contents: [loader(path), ...(await exportsOf(path)).map(getter)].join('\n'),
      resolveDir: process.cwd(),
    }));
  },
};

async function exportsOf(path) {
  if (path === 'zod') return ['__esModule', 'z', ...usedOfZod()];
  if (!path.endsWith('.ts')) {
    const names = Object.keys(createRequire(import.meta.url)(path));
    return [...new Set([...names, 'default', '__esModule'])].filter(name => name !== 'module.exports');
  }
  const options = { format: 'esm', metafile: true, write: false, outdir: 'dist' };
  const { metafile } = await esbuild.build({ entryPoints: [path], ...options });
  return ['__esModule', ...Object.values(metafile.outputs)[0].exports];
}

function loader(path) {
  return `let loaded; const load = () => (loaded ??= require(${JSON.stringify(path)}));`;
}

function getter(name) {
  if (name === '__esModule') return `Object.defineProperty(exports, '__esModule', { value: true });`;
  const value = name === 'default' ? '(m => (m.__esModule ? m.default : m))(load())' : `load().${name}`;
  return `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => ${value} });`;
}

/** The bundle of its own that a module is in, however it is named by whoever imports it. */
function bundleOf(path) {
  const [name] = Object.entries(apart).find(([, module]) => module === path) ?? [];
  const last = path.split('/').at(-1);
  return name ?? (path.startsWith('.') && Object.hasOwn(apart, last) ? last : undefined);
}

const keptApart = {
  name: 'kept-apart',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind, namespace }) => {
      const bundle = kind === 'dynamic-import' || namespace === 'late' ? bundleOf(path) : undefined;
      return bundle && { path: `./${bundle}.js`, external: true };
    });
  },
};

/** Of zod's bundle only what is used: the rest, with its messages in fifty languages, is four fifths of it. */
const trimmedZod = {
  name: 'trimmed-zod',
  setup(build) {
    build.onResolve({ filter: /^zod$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? { path, namespace: 'used' } : undefined,
    );
    build.onResolve({ filter: /^used:/ }, ({ path }) => ({
      path: path.slice('used:'.length),
      namespace: 'used',
    }));
    build.onLoad({ filter: /./, namespace: 'used' }, ({ path }) => {
      const names = usedOfZod().join(', ');
      const contents = `export { ${names} } from '${path}'; export * as z from 'used:${path}';`;
      return { contents, resolveDir: process.cwd() };
    });
  },
};

function usedOfZod() {
  const there = createRequire(import.meta.url)('zod');
  const files = ['agent', 'extension'].flatMap(folder => globSync(`${folder}/**/*.ts`));
  const uses = files.flatMap(file => [...readFileSync(file, 'utf8').matchAll(/\bz\.(\w+)/g)]);
  return [...new Set(uses.map(([, name]) => name))].filter(name => name in there);
}

/** What dockerode has for building images and for SSH hosts, which nobody here uses; it is most of its size. */
const leftOut = {
  name: 'left-out',
  setup(build) {
    const filter = /^(@grpc\/(grpc-js|proto-loader)|protobufjs|ssh2)$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: '' }));
  },
};

/** Ends each bundle with a line that tells it from any other, for who keeps what was made of it (loadCompiled.ts). */
const named = {
  name: 'named',
  setup(build) {
    build.onEnd(({ metafile }) => {
      for (const file of Object.keys(metafile?.outputs ?? {}).filter(name => name.endsWith('.js'))) {
        const text = readFileSync(file, 'utf8');
        writeFileSync(file, `${text}//# build=${createHash('sha256').update(text).digest('hex')}\n`);
      }
    });
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
  // Node warns of those in a bundle that was compiled before.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  logLevel: 'info',
  metafile: true,
  plugins: [evaluatedLate, keptApart, trimmedZod, leftOut, onlyAscii, named],
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
