import * as vscode from 'vscode';
import { page } from './page';

/** What the notifications say, also those that are no longer in sight. */
export async function notifications(): Promise<string> {
  await vscode.commands.executeCommand('notifications.showList');
  return (await page.texts('.notifications-center .notification-list-item')).join('\n');
}
