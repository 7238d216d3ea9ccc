import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import type { PageRequest, Report, SuiteState } from './protocol';
import type { VSCodeWindow } from './window';

/** The driver's end of a suite: hears its reports, keeps its state, acts on its window's page. */
export interface Driver extends AsyncDisposable {
  readonly address: string;
  /** The page that requests act on; there is none on a desktop. */
  window: VSCodeWindow | undefined;
  /** The phase that the next start of the suite runs. */
  phase: number;
}

/** Starts the HTTP server that a suite talks to. */
export async function startDriver(screenshots: string, onReport: (report: Report) => void): Promise<Driver> {
  const kept: Record<string, unknown> = {};
  // Nobody else on this machine knows the path.
  const secret = `/${randomUUID()}`;
  const answer = async (path: string, body: unknown): Promise<unknown> => {
    switch (path) {
      case `${secret}/state`:
        return { phase: driver.phase, kept } satisfies SuiteState;
      case `${secret}/keep`:
        return Object.assign(kept, body);
      case `${secret}/report`:
        return void onReport(body as Report);
      case `${secret}/page`:
        if (!driver.window) throw new Error('There is no page to act on: this window is on a desktop.');
        return actOn(driver.window, body as PageRequest, screenshots);
      default:
        throw new Error(`The driver does not know ${path}.`);
    }
  };
  const server = createServer((request, response) => {
    readBody(request)
      .then(body => answer(request.url ?? '', body))
      .then(
        result => response.end(JSON.stringify({ result: result ?? null })),
        (error: unknown) => response.writeHead(500).end(JSON.stringify({ error: String(error) })),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const driver: Driver = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${secret}`,
    window: undefined,
    phase: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return driver;
}

function readBody(request: IncomingMessage): Promise<unknown> {
  return request.method === 'POST' ? json(request) : Promise.resolve(undefined);
}

async function actOn(window: VSCodeWindow, request: PageRequest, screenshots: string): Promise<unknown> {
  const { page } = window;
  switch (request.do) {
    case 'screenshot': {
      await mkdir(screenshots, { recursive: true });
      const path = join(screenshots, `${request.name}.png`);
      await page.screenshot({ path });
      return path;
    }
    case 'texts':
      return page.locator(request.selector).allInnerTexts();
    case 'click':
      return page.locator(request.selector).first().click({ timeout: 10_000 });
    case 'drag':
      return drag(page, request);
    case 'press':
      return page.keyboard.press(request.keys);
    case 'type':
      return page.keyboard.type(request.text);
    case 'evaluate':
      return page.evaluate(request.expression);
    case 'evaluateInNotebook':
      return Promise.all(window.notebookFrames().map(frame => frame.evaluate(request.expression)));
  }
}

type Page = VSCodeWindow['page'];

/** As a hand does it: in steps, because a drag begins with a movement and a place to drop is found on the way. */
async function drag(page: Page, { from, to, holding }: Extract<PageRequest, { do: 'drag' }>): Promise<void> {
  const [start, end] = await Promise.all([middleOf(page, from), middleOf(page, to)]);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 4, { steps: 4 });
  if (holding !== undefined) await page.keyboard.down(holding);
  await page.mouse.move(end.x, end.y, { steps: 12 });
  await page.mouse.move(end.x + 2, end.y, { steps: 2 });
  await page.mouse.up();
  if (holding !== undefined) await page.keyboard.up(holding);
}

async function middleOf(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const box = await page.locator(selector).first().boundingBox({ timeout: 10_000 });
  if (!box) throw new Error(`Nothing is shown at ${selector}.`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
