import * as esbuild from 'esbuild';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { bridgeOutput } from '../../../../extension/notebook/outputBridge';
import {
  PAGE_MIME,
  stepReference,
  type RendererMessage,
  type StepCommand,
} from '../../../../extension/renderer/messages';
import type { RecordedStep } from './recordedStep';
import { themes } from './themes';

const entry = resolve(import.meta.dirname, '../../../../extension/renderer/renderer.ts');

/** The renderer's bundle, as the build makes it. */
export async function bundleRenderer(): Promise<string> {
  const built = await esbuild.build({
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'chrome130',
    entryPoints: [entry],
    loader: { '.css': 'text' },
    minify: true,
    write: false,
  });
  const text = built.outputFiles[0]?.text;
  if (!text) throw new Error('esbuild made no bundle');
  return text;
}

/** The renderer in a page of its own, joined to a recorded step by the extension's real bridge. */
export class RendererPage implements AsyncDisposable {
  readonly page: Page;
  readonly commands: StepCommand[] = [];
  readonly errors: string[] = [];
  readonly #step: RecordedStep;
  readonly #undo = new AsyncDisposableStack();

  private constructor(page: Page, step: RecordedStep) {
    this.page = page;
    this.#step = step;
    page.on('pageerror', error => this.errors.push(String(error)));
    page.on('console', message => message.type() === 'error' && this.errors.push(message.text()));
  }

  static async open(browser: Browser, bundle: string, step: RecordedStep): Promise<RendererPage> {
    const page = await browser.newPage({ viewport: { width: 760, height: 620 } });
    const made = new RendererPage(page, step);
    await made.#connect(bundle);
    await made.theme('dark');
    return made;
  }

  /** Gives the step's item to the renderer, as VS Code does at the first sight and at each change. */
  async render(item = 'item-1', parent = 'output', folded = false): Promise<void> {
    const reference = JSON.stringify(stepReference('r1', this.#step.record, folded));
    await this.page.evaluate(
      ({ item, parent, reference }) => window.handrailTest.render(item, parent, reference),
      { item, parent, reference },
    );
  }

  /** Gives HTML that a cell printed to the renderer. */
  async renderPage(html: string): Promise<void> {
    await this.page.evaluate(({ html, mime }) => window.handrailTest.render('page', 'other', html, mime), {
      html,
      mime: PAGE_MIME,
    });
  }

  async remove(item = 'item-1'): Promise<void> {
    await this.page.evaluate(id => window.handrailTest.remove(id), item);
  }

  async theme(name: keyof typeof themes): Promise<void> {
    await this.page.evaluate(
      ({ name, variables }) => {
        document.body.className = `vscode-${name}`;
        for (const [key, value] of Object.entries(variables))
          document.documentElement.style.setProperty(key, value);
        document.body.style.background = variables['--vscode-editor-background'];
      },
      { name, variables: themes[name] },
    );
  }

  /** The rows on the screen, blanks at their ends removed. */
  async text(): Promise<string> {
    const rows = await this.page.locator('.xterm-rows > div').allTextContents();
    return rows
      .map(row => row.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n')
      .trimEnd();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#undo.disposeAsync();
    await this.page.close();
  }

  async #connect(bundle: string): Promise<void> {
    const editor = {} as never;
    const listeners = new Set<(event: { editor: never; message: RendererMessage }) => unknown>();
    const bridge = bridgeOutput(
      {
        onDidReceiveMessage: listener => {
          listeners.add(listener);
          return { dispose: () => void listeners.delete(listener) };
        },
        postMessage: async message => {
          if (this.page.isClosed()) return false;
          await this.page.evaluate(value => window.handrailTest.receive(value), message as object);
          return true;
        },
      },
      this.#step,
      {
        command: (_step, command) => {
          this.commands.push(command);
          return Promise.resolve();
        },
        log: (message, error) => void this.errors.push(`${message}: ${String(error)}`),
      },
    );
    this.#undo.defer(() => void bridge.dispose());
    await this.page.exposeFunction('toHost', (message: RendererMessage) => {
      for (const listener of listeners) listener({ editor, message });
    });
    await this.page.setContent(pageWith(bundle));
    await this.page.waitForFunction(() => 'handrailTest' in window);
  }
}

declare global {
  interface Window {
    handrailTest: {
      render(item: string, parent: string, content: string, mime?: string): void;
      remove(item: string): void;
      receive(message: object): void;
    };
  }
}

function pageWith(bundle: string): string {
  const fonts = '--vscode-font-family: "DejaVu Sans"; --vscode-editor-font-family: "DejaVu Sans Mono"; ';
  const script = `
    const code = ${JSON.stringify(bundle).replaceAll('<', '\\u003c')};
    const { activate } = await import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    const listeners = [];
    const renderer = await activate({
      postMessage: message => void window.toHost(message),
      onDidReceiveMessage: listener => { listeners.push(listener); return { dispose() {} }; },
      workspace: { isTrusted: true },
      setState() {}, getState() {},
    });
    const item = (id, text, mime = '') => ({ id, mime, text: () => text, json: () => JSON.parse(text) });
    window.handrailTest = {
      render: (id, parent, text, mime) =>
        renderer.renderOutputItem(item(id, text, mime), document.getElementById(parent)),
      remove: id => renderer.disposeOutputItem(id),
      receive: message => listeners.forEach(listener => listener(message)),
    };`;
  return `<!doctype html><html style='${fonts}--vscode-editor-font-size: 13px'><body style="margin: 16px">
    <div id="output"></div><div id="other"></div><script type="module">${script}</script></body></html>`;
}
