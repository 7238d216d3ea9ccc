import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { temporaryFolder } from '../support/temporaryFolder';
import { startDriver } from './driver';
import { driverVariable, type Report } from './protocol';
import type { Suite } from './suites';
import type { VSCodeWindow } from './window';

/** What a place needs to show a suite's window. */
export interface SuiteWindow {
  readonly suite: Suite;
  readonly workspace: string;
  /** The bundled script with the suite. */
  readonly tests: string;
  readonly env: Record<string, string>;
  onLog(line: string): void;
}

export type TestReport = Extract<Report, { type: 'test' | 'figure' }>;

/** Where suites run: in a browser or on a desktop. */
export interface Place {
  open(window: SuiteWindow): Promise<OpenPlace>;
}

export interface OpenPlace extends AsyncDisposable {
  readonly window: VSCodeWindow | undefined;
  /** Starts the window again, as by "Reload Window". */
  reload(): Promise<void>;
}

const repository = resolve(import.meta.dirname, '..', '..');
const output = join(repository, '.vscode-test');

/**
 * Runs a suite in a real VS Code.
 * @param tell hears of each test as it ends, and of figures
 * @throws where the suite could not be run to its end; the message has the end of the log
 */
export async function runSuite(
  suite: Suite,
  place: Place,
  tell: (report: TestReport) => void,
): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const { path: workspace } = undo.use(await temporaryFolder('hr-ws'));
  await cp(join(repository, 'test', 'fixtures', suite.workspace ?? 'workspace'), workspace, {
    recursive: true,
  });
  const log: string[] = [];
  const reports = reportQueue();
  const driver = undo.use(await startDriver(join(output, 'screenshots'), reports.put));
  const env = { [driverVariable]: driver.address };
  const tests = await bundle(suite.name);
  const open = undo.use(
    await place.open({ suite, workspace, tests, env, onLog: line => void log.push(line) }),
  );
  driver.window = open.window;
  const deadline = Date.now() + (suite.deadline ?? 180_000);
  for (;;) {
    const report = await reports.take(deadline - Date.now());
    if (report?.type === 'figure') tell(report);
    else if (report?.type === 'test') {
      tell(report);
      if (report.state === 'failed')
        await open.window?.page.screenshot({ path: failurePath(suite, report.title) });
    } else if (report?.type === 'phase') {
      if (!report.more) return;
      driver.phase++;
      await open.reload();
    } else {
      await open.window?.page.screenshot({ path: failurePath(suite, 'stuck') });
      throw new Error(`${report?.error ?? 'time is up'}\nThe log ends:\n${log.slice(-30).join('\n')}`);
    }
  }
}

function failurePath(suite: Suite, title: string): string {
  return join(output, 'failures', `${suite.name}-${title.replace(/\W+/g, '-').slice(0, 80)}.png`);
}

function reportQueue() {
  const waiting: Report[] = [];
  let wake = () => {};
  return {
    put: (report: Report) => {
      waiting.push(report);
      wake();
    },
    /** The next report; undefined when none came in time. */
    async take(milliseconds: number): Promise<Report | undefined> {
      if (waiting.length === 0) {
        const came = new Promise<void>(resolve => (wake = resolve));
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([came, new Promise(resolve => (timer = setTimeout(resolve, milliseconds)))]);
        clearTimeout(timer);
      }
      return waiting.shift();
    },
  };
}

/** Bundles a suite for the extension host and gives the script's path. */
async function bundle(name: string): Promise<string> {
  const outfile = join(output, 'suites', `${name}.js`);
  await build({
    stdin: {
      contents: `import { runInHost } from './host/runInHost';
        export const run = () => runInHost(() => require('./suites/${name}'));`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}
