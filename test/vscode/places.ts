import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { endProcessesWith } from '../support/processesWith';
import { temporaryFolder } from '../support/temporaryFolder';
import type { OpenPlace, Place, SuiteWindow } from './runSuite';
import { openWindow } from './window';

/** VS Code's server with a headless browser. */
export const inBrowser: Place = {
  async open({ suite, ...rest }) {
    const window = await openWindow({
      ...rest,
      trust: suite.restricted ?? false,
      settings: suite.settings ?? {},
    });
    return {
      window,
      reload: async () => void (await window.page.reload()),
      [Symbol.asyncDispose]: () => window[Symbol.asyncDispose](),
    };
  },
};

/** The desktop's VS Code, downloaded by test-electron. It ends with each phase and is started again for the next. */
export const onDesktop: Place = {
  async open(window) {
    await using undo = new AsyncDisposableStack();
    const { path: folder } = undo.use(await temporaryFolder('hr'));
    const home = join(folder, 'home');
    undo.defer(async () => void (await endProcessesWith('HANDRAIL_HOME', home)));
    let ended = startDesktop(window, folder, home);
    undo.defer(() => ended);
    const keep = undo.move();
    return {
      window: undefined,
      async reload() {
        await ended;
        ended = startDesktop(window, folder, home);
      },
      [Symbol.asyncDispose]: () => keep.disposeAsync(),
    } satisfies OpenPlace;
  },
};

async function startDesktop(window: SuiteWindow, folder: string, home: string): Promise<void> {
  const places = ['--user-data-dir', join(folder, 'user'), '--extensions-dir', join(folder, 'extensions')];
  const trust = window.suite.restricted ? [] : ['--disable-workspace-trust'];
  try {
    await runTests({
      extensionDevelopmentPath: resolve(import.meta.dirname, '..', '..'),
      extensionTestsPath: window.tests,
      extensionTestsEnv: { ...window.env, HANDRAIL_HOME: home, HANDRAIL_TEST_DESKTOP: '1' },
      launchArgs: [window.workspace, ...places, ...trust, '--skip-welcome', '--disable-telemetry'],
    });
  } catch (error) {
    // The suite's own reports say how it went; how the window ended is told with them.
    window.onLog(`VS Code ended: ${String(error)}`);
  }
}
