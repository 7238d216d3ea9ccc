import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { chromium, startBrowser } from '../../../support/chromium';
import { needs } from '../../../support/realSystem';
import type { RecordedStep } from './recordedStep';
import { bundleRenderer, RendererPage } from './rendererPage';

/** A browser and the renderer's bundle for the tests of a suite. */
export function inBrowser(suite: Mocha.Suite): {
  readonly open: (step: RecordedStep) => Promise<RendererPage>;
  readonly bundle: () => string;
} {
  let browser: Browser;
  let bundle: string;
  suite.timeout(30_000);
  suite.beforeAll(needs(chromium));
  suite.beforeAll(async () => {
    browser = await startBrowser();
    bundle = await bundleRenderer();
  });
  suite.afterAll(async () => browser?.close());
  return { open: step => RendererPage.open(browser, bundle, step), bundle: () => bundle };
}

/** Polls with a generous deadline. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${String(condition)}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** Waits until the output's text is this. */
export async function shows(view: RendererPage, expected: string): Promise<void> {
  try {
    await until(async () => (await view.text()) === expected);
  } catch {
    assert.equal(await view.text(), expected);
  }
}
