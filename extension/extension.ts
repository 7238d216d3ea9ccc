import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { handrailFolders } from '../agent/folders';
import { AgentClient } from './agent/agentClient';
import { AgentStatus } from './agent/agentStatus';
import { startHeartbeat } from './agent/heartbeat';
import { RunFeed } from './agent/runFeed';
import { startCommand } from './agent/startCommand';
import { notebookType, settings, views } from './commands/names';
import { registerCommands } from './commands/registerCommands';
import { RunCommands } from './commands/runCommands';
import { CellStatus } from './notebook/cellStatus';
import { RunLenses } from './notebook/codeLens';
import { createController } from './notebook/controller';
import { Kernel } from './notebook/kernel';
import { MetadataKeeper } from './notebook/metadataKeeper';
import { OpenNotebooks } from './notebook/openNotebooks';
import { connectOutputs } from './notebook/outputs';
import { RunbookSerializer } from './notebook/serializer';
import { openLog } from './openLog';
import { LastResults } from './views/runbooks/lastResults';
import { RunbookIndex } from './views/runbooks/runbookIndex';
import { RunbooksProvider } from './views/runbooks/runbooksProvider';
import { RunsProvider } from './views/runs/runsProvider';
import { showTree } from './views/showTree';

/** Puts the window's parts together; each is disposed with the window. */
export function activate({ subscriptions, extensionPath }: vscode.ExtensionContext): void {
  const own = <T extends vscode.Disposable>(part: T): T => {
    subscriptions.push(part);
    return part;
  };
  const log = own(openLog());
  const folders = handrailFolders(process.env);
  own(
    vscode.workspace.registerNotebookSerializer(notebookType, new RunbookSerializer(), {
      transientOutputs: true,
    }),
  );

  const agent = own(
    new AgentClient({
      folders,
      id: randomUUID(),
      start: () =>
        startCommand(extensionPath, vscode.workspace.getConfiguration().get<string>(settings.node, '')),
      trusted: () => vscode.workspace.isTrusted,
      log,
    }),
  );
  own(new AgentStatus(agent));
  const feed = own(new RunFeed(agent, log));
  own(startHeartbeat(agent, feed, log));

  const controller = own(
    createController(
      (notebook, wanted): Promise<void> => runs.run(notebook, wanted),
      (): OpenNotebooks => notebooks,
    ),
  );
  const kernel = own(new Kernel(controller, log));
  const notebooks: OpenNotebooks = own(new OpenNotebooks({ agent, kernel, feed, log }));
  const runs: RunCommands = new RunCommands(notebooks, { agent, kernel, feed });
  own(new MetadataKeeper(log));
  own(connectOutputs({ agent, feed, runs, log }));
  own(
    vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, own(new CellStatus(notebooks))),
  );
  own(
    vscode.languages.registerCodeLensProvider({ language: 'markdown', scheme: 'file' }, own(new RunLenses())),
  );

  const index = own(new RunbookIndex(log));
  const results = own(new LastResults(agent, feed, log));
  const runbooks = own(new RunbooksProvider(index, results, agent));
  own(showTree(views.runbooks, runbooks));
  own(showTree(views.runs, own(new RunsProvider(agent, feed))));
  own(registerCommands({ agent, feed, folders, log, notebooks, runs, index, runbooks }));
  own(vscode.workspace.onDidGrantWorkspaceTrust(() => agent.grantTrust()));
}
