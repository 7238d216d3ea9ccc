// Measures the figures of the benchmark. Usage: npm run bench [-- NAME…] [--json FILE]
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endProcessesWith } from '../support/processesWith';
import { temporaryFolder } from '../support/temporaryFolder';
import { CannotMeasure, formatLine, isHeld, type Bench, type Figure, type Line } from './figure';
import { agentIdle } from './figures/agentIdle';
import { agentStart } from './figures/agentStart';
import { cell } from './figures/cell';
import { clustersIdle } from './figures/clustersIdle';
import { containers1k } from './figures/containers1k';
import { containersIdle } from './figures/containersIdle';
import { editor64mb } from './figures/editor64mb';
import { flood20 } from './figures/flood20';
import { history100k } from './figures/history100k';
import { logs100mb } from './figures/logs100mb';
import { output100mb } from './figures/output100mb';
import { parse5mb } from './figures/parse5mb';
import { pods10k } from './figures/pods10k';
import { redact } from './figures/redact';
import { run100 } from './figures/run100';
import { startup } from './figures/startup';
import { stats50 } from './figures/stats50';
import { watchBurst } from './figures/watchBurst';

const figures: readonly Figure[] = [
  startup,
  run100,
  cell,
  output100mb,
  parse5mb,
  redact,
  editor64mb,
  agentStart,
  agentIdle,
  history100k,
  flood20,
  logs100mb,
  containers1k,
  containersIdle,
  stats50,
  pods10k,
  watchBurst,
  clustersIdle,
];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' } },
  });
  const unknown = positionals.filter(name => !figures.some(figure => figure.name === name));
  if (unknown.length > 0) {
    console.error(`No figure named ${unknown.join(', ')}. There are: ${figures.map(f => f.name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const chosen = figures.filter(figure => positionals.length === 0 || positionals.includes(figure.name));
  const lines: Line[] = [];
  for (const figure of chosen) lines.push(...(await measure(figure)));
  if (values.json) {
    const records = lines.map(line => ({ ...line, held: isHeld(line) }));
    await writeFile(values.json, `${JSON.stringify(records, undefined, 2)}\n`);
  }
  if (!lines.every(isHeld)) process.exitCode = 1;
}

async function measure(figure: Figure): Promise<Line[]> {
  await using undo = new AsyncDisposableStack();
  const { path: folder } = undo.use(await temporaryFolder('hr-bench'));
  const home = join(folder, 'home');
  undo.defer(async () => void (await endProcessesWith('HANDRAIL_HOME', home)));
  await mkdir(home);
  const bench: Bench = {
    folder,
    env: { ...process.env, HANDRAIL_HOME: home },
    bundle: name => resolve(import.meta.dirname, '..', '..', 'dist', name),
    async write(name, text) {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
  };
  try {
    const lines = await figure.measure(bench);
    for (const line of lines) console.log(formatLine(line));
    return lines;
  } catch (error) {
    if (error instanceof CannotMeasure)
      console.log(`${figure.name.padEnd(24)}  not measured: ${error.message}`);
    else {
      console.log(
        `${figure.name.padEnd(24)}  broken: ${error instanceof Error ? error.message : String(error)}`,
      );
      process.exitCode = 1;
    }
    return [];
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
