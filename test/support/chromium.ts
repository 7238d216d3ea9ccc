import { chromium as launcher, type Browser } from 'playwright-core';
import { findOnPath, isExecutable } from './command';
import { installDebianPackages } from './debianPackages';
import { provide, type RealSystem } from './realSystem';

const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** A Chromium to look at web pages with. `CHROMIUM` names another than the one on PATH. */
export const chromium: RealSystem = {
  name: 'Chromium',
  async find() {
    const named = process.env['CHROMIUM'];
    if (named) return named;
    const found = await findOnPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
    return found ?? ((await isExecutable(onMac)) ? onMac : undefined);
  },
  install: () => installDebianPackages('Chromium', ['chromium', 'fonts-dejavu-core']),
};

/** A headless browser with a profile of its own, which it forgets. */
export async function startBrowser(): Promise<Browser> {
  return launcher.launch({
    executablePath: await provide(chromium),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
