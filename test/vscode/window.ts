import { join, resolve } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { startBrowser } from '../support/chromium';
import { endProcessesWith } from '../support/processesWith';
import { temporaryFolder } from '../support/temporaryFolder';
import { startVSCodeServer } from '../support/vscodeServer';

export interface WindowOptions {
  /** Folder to open. */
  readonly workspace: string;
  /** The repository loaded from its sources, as in development (default), or a .vsix installed as people have it. */
  readonly extension?: 'development' | { readonly vsix: string };
  /** A script to run in the extension host (`extensionTestsPath`). */
  readonly tests?: string;
  /** Whether workspaces are restricted until trusted (default: no). */
  readonly trust?: boolean;
  readonly settings?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  /** Called with each line that the page's console and the extension host log. */
  readonly onLog?: (line: string) => void;
}

/** A real VS Code in a headless browser, with an agent of its own. */
export interface VSCodeWindow extends AsyncDisposable {
  readonly page: Page;
  readonly address: string;
  /** Its `HANDRAIL_HOME`. */
  readonly home: string;
  /** The address of the window itself, to open it again. */
  readonly url: string;
  /** Frames that hold rendered output and text cells. */
  notebookFrames(): Frame[];
}

const repository = resolve(import.meta.dirname, '..', '..');

/** Opens a window. Disposing it ends the browser, the server, its agent and whatever that left running. */
export async function openWindow(options: WindowOptions): Promise<VSCodeWindow> {
  await using undo = new AsyncDisposableStack();
  const { path: folder } = undo.use(await temporaryFolder('hr'));
  const home = join(folder, 'home');
  undo.defer(async () => void (await endProcessesWith('HANDRAIL_HOME', home)));
  const server = undo.use(
    await startVSCodeServer({
      folder,
      env: { ...options.env, HANDRAIL_HOME: home },
      ...(options.trust === undefined ? {} : { trust: options.trust }),
      ...(options.settings === undefined ? {} : { settings: options.settings }),
      ...(typeof options.extension === 'object' ? { vsix: options.extension.vsix } : {}),
    }),
  );
  const browser = await startBrowser();
  undo.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.exposeFunction('codeAutomationLog', (kind: string, words: unknown[]) =>
    options.onLog?.(`[${kind}] ${words.map(String).join(' ')}`),
  );
  await page.exposeFunction('codeAutomationExit', () => undefined);
  const url = urlOf(server.address, options);
  await page.goto(url);
  const keep = undo.move();
  return {
    page,
    address: server.address,
    home,
    url,
    notebookFrames: () => page.frames().filter(frame => frame.url().includes('fake.html')),
    [Symbol.asyncDispose]: () => keep.disposeAsync(),
  };
}

function urlOf(address: string, options: WindowOptions): string {
  const remote = (path: string) => `vscode-remote://${new URL(address).host}${path}`;
  const payload = [['skipWelcome', 'true']];
  if (typeof options.extension !== 'object') payload.push(['extensionDevelopmentPath', remote(repository)]);
  if (options.tests) payload.push(['extensionTestsPath', remote(options.tests)]);
  const query = new URLSearchParams({ folder: options.workspace, payload: JSON.stringify(payload) });
  return `${address}/?${query.toString()}`;
}
