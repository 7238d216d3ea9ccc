import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page of a log: one script of our own, and nothing from elsewhere. Nothing of a log stands in it. */
export function logPageHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'logPage.js')).toString();
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Log</title>
</head>
<body><script type="module" nonce="${nonce}" src="${script}"></script></body>
</html>`;
}
