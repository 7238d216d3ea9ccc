import type { Page } from 'playwright-core';

/** Opens a file of the workspace as a person does who knows its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await pick(page, 'Control+P', name, name);
}

/** Runs a command by its title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await pick(page, 'F1', title, title);
}

async function pick(page: Page, keys: string, text: string, row: string): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
  await page.keyboard.press(keys);
  const box = page.locator('.quick-input-widget input[type=text]');
  await box.waitFor();
  await box.pressSequentially(text, { delay: 5 });
  await page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().click();
}
