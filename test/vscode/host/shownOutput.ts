import { page } from './page';

/** What the renderer shows of all outputs on screen. */
export async function shownOutput(): Promise<string> {
  const texts = await page.evaluateInNotebook<string>(
    `[...document.querySelectorAll('.xterm-rows > div')].map(row => row.textContent).join('\\n')`,
  );
  return texts.join('\n');
}
