// What `npm run editor` starts after the build: VS Code's server with the repository's extension, until Ctrl-C.
import { cp } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { mayBeMissing } from './realSystem';
import { temporaryFolder } from './temporaryFolder';
import { startVSCodeServer } from './vscodeServer';

const repository = resolve(import.meta.dirname, '..', '..');

async function main(folder: string | undefined): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const scratch = undo.use(await temporaryFolder('handrail-editor'));
  const workspace = folder ?? (await copyOfRunbooks(scratch.path));
  const server = undo.use(
    await startVSCodeServer({
      folder: scratch.path,
      port: Number(process.env['PORT'] ?? 0),
      // Nobody has to be asked about our own runbooks.
      trust: folder !== undefined,
      settings: { 'security.workspace.trust.startupPrompt': 'once' },
    }),
  );
  const host = new URL(server.address).host;
  const payload = [
    ['skipWelcome', 'true'],
    ['extensionDevelopmentPath', `vscode-remote://${host}${repository}`],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  console.log(
    `\nVS Code with Handrail on ${workspace.replace(homedir(), '~')}:\n\n  ${server.address}/?${query.toString()}\n`,
  );
  console.log('Only this machine can reach it. Ctrl-C ends it.');
  await new Promise(stop => process.once('SIGINT', stop).once('SIGTERM', stop));
}

async function copyOfRunbooks(scratch: string): Promise<string> {
  const copy = join(scratch, 'runbooks');
  await cp(join(repository, 'runbooks'), copy, { recursive: true });
  return copy;
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error && mayBeMissing(error) ? error.message : error);
  process.exitCode = 1;
});
