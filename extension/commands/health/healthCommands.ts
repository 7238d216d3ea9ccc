import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { CheckRow } from '../../../agent/protocol/health';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import type { AgentClient } from '../../agent/agentClient';
import type { HealthFeed } from '../../agent/healthFeed';
import { pick } from '../../quickInput';
import { describeCheck } from '../../views/health/healthWords';
import { openAt } from '../openEditors';
import type { VirtualPages } from '../virtualPages';
import { allowCommands } from './allowCommands';
import { mute, unmute } from './muting';
import { commandsPage, shownCommand } from './shownCommand';

/** The commands of the Health view. */
export function healthCommands(agent: AgentClient, feed: HealthFeed, pages: VirtualPages) {
  return {
    enableChecks: async () => {
      const allowed = await allowCommands(await feed.unallowed(), pages);
      if (allowed !== undefined) await feed.enable(allowed);
    },
    disableChecks: () => feed.disable(),
    newHealthFile: () => newHealthFile(),
    checkNow: async (node: unknown) => feed.probe((await checkOf(feed, node)).id),
    openCheck: async (node: unknown) => {
      const { file, line } = await checkOf(feed, node);
      await openAt(vscode.Uri.file(file), line);
    },
    muteCheck: async (node: unknown) => mute(agent, await checkOf(feed, node)),
    unmuteCheck: async (node: unknown) => unmute(agent, await checkOf(feed, node)),
    openCheckRunbook: async (node: unknown) => openRunbook(await checkOf(feed, node)),
    allowCheckCommand: async (node: unknown) => allowCommand(feed, await checkOf(feed, node), pages),
  };
}

/** The check of a row; one that is picked where no row was meant. */
async function checkOf(feed: HealthFeed, node: unknown): Promise<CheckRow> {
  if (typeof node === 'object' && node !== null && 'id' in node) {
    const row = feed.row(String(node.id));
    if (row === undefined) throw new Error('There is no such check any more.');
    return row;
  }
  if (feed.rows.length === 0) throw new Error('There is no health check here. They stand in *.health.yaml.');
  const rows = feed.rows.map(row => ({ label: row.name, description: describeCheck(row, Date.now()), row }));
  const chosen = await pick(rows, { title: 'Which check?' });
  if (chosen === undefined) throw new vscode.CancellationError();
  return chosen.row;
}

/** Opens the runbook of a check at its section. Nothing is run. */
async function openRunbook({ name, file, runbook }: CheckRow): Promise<void> {
  if (runbook === undefined) throw new Error(`${name} names no runbook: add runbook: path#section to it.`);
  const [path = '', section] = runbook.split('#', 2);
  const uri = vscode.Uri.file(resolve(dirname(file), path));
  const text = await readText(uri, `${name} names the runbook ${path}, which cannot be read`);
  const found = parseRunbook(text).sections.find(({ slug }) => slug === section?.toLowerCase());
  if (section !== undefined && section !== '' && found === undefined) {
    void vscode.window.showWarningMessage(`There is no section #${section} in ${path}.`);
  }
  await openAt(uri, found?.line ?? 1);
}

async function readText(uri: vscode.Uri, otherwise: string): Promise<string> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    throw new Error(`${otherwise}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Shows what would be run before it may be. */
async function allowCommand(
  feed: HealthFeed,
  { name, command }: CheckRow,
  pages: VirtualPages,
): Promise<void> {
  if (command === undefined) return;
  const { line, isWhole } = shownCommand(command.text);
  if (!isWhole) await pages.show('Commands of Checks', name, commandsPage([{ name, text: command.text }]));
  const allow = { label: 'Allow It', detail: line, allows: true };
  const leave = {
    label: 'Leave It',
    detail: 'It stays as it is, and nothing is run.',
    allows: false,
  };
  const chosen = await pick([leave, allow], {
    title: `${name} runs this command each time it is looked at`,
    ignoreFocusOut: true,
  });
  if (chosen?.allows === true) await feed.allow([command.mark]);
}

const example = `# Health checks: https://cel.dev says how conditions are written.
defaults: {every: 30s, timeout: 5s}
checks:
  - name: web
    type: http
    url: http://127.0.0.1:8080/
    up: status == 200
    # runbook: docs/restart.md#restart
`;

async function newHealthFile(): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('Open a folder first: checks stand in a file of it.');
  const uri = vscode.Uri.joinPath(folder.uri, 'checks.health.yaml');
  const document = await vscode.workspace.openTextDocument(uri.with({ scheme: 'untitled' }));
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit(edit => edit.insert(new vscode.Position(0, 0), example));
}
