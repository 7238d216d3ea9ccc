// Measures the figures of the benchmark on what a build leaves. Usage: npm run bench [-- NAME…] [--json FILE]
import { run, runTypeScript } from './run.mjs';
import { setup } from './setup.mjs';

setup();
const code = await run('node', ['scripts/build.mjs']);
process.exitCode = code !== 0 ? code : await runTypeScript('test/bench/main.ts', process.argv.slice(2));
