import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { handrailFolders } from '../agent/folders';
import { fileOf } from '../agent/protocol/fileOf';
import { AgentClient } from './agent/agentClient';
import { AgentStatus } from './agent/agentStatus';
import { startHeartbeat } from './agent/heartbeat';
import { RunFeed } from './agent/runFeed';
import { startCommand } from './agent/startCommand';
import { attributeHelp } from './attributes/attributeHelp';
import { notebookType, settings, views } from './commands/names';
import { registerCommands } from './commands/registerCommands';
import { RunCommands } from './commands/runCommands';
import { pageScheme, VirtualPages } from './commands/virtualPages';
import { openClusters } from './clusters/openClusters';
import { openContainers } from './containers/openContainers';
import { Approvals } from './notebook/approvals';
import { askInputs } from './notebook/askInputs';
import { CellStatus } from './notebook/cellStatus';
import { RunLenses } from './notebook/codeLens';
import { createController, keepLanguages } from './notebook/controller';
import { EditorSecrets } from './notebook/editorSecrets';
import { tellFailedStarts } from './notebook/failedStarts';
import { Kernel } from './notebook/kernel';
import { MetadataKeeper } from './notebook/metadataKeeper';
import { OpenNotebooks } from './notebook/openNotebooks';
import { connectOutputs } from './notebook/outputs';
import { OwnRuns } from './notebook/ownRuns';
import { Questions } from './notebook/questions';
import { RunbookSerializer } from './notebook/serializer';
import { Turns } from './notebook/turns';
import { RunbookProblems } from './problems/runbookProblems';
import { openHealth } from './health/openHealth';
import type { Log } from './log';
import { openLog } from './openLog';
import { LastResults } from './views/runbooks/lastResults';
import { RunbookIndex } from './views/runbooks/runbookIndex';
import { RunbooksProvider } from './views/runbooks/runbooksProvider';
import { BackgroundSteps } from './views/runs/backgroundSteps';
import { RunsProvider } from './views/runs/runsProvider';
import { showTree } from './views/showTree';

/** Puts the window's parts together; each is disposed with the window. */
export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions, extensionPath } = context;
  const own = <T extends vscode.Disposable>(part: T): T => {
    subscriptions.push(part);
    return part;
  };
  const log = own(openLog());
  const agent = own(agentOf(extensionPath, log));
  own(new AgentStatus(agent));
  const feed = own(new RunFeed(agent, log));
  own(startHeartbeat(agent, feed, log));

  const controller = own(
    createController(
      (notebook, wanted): Promise<unknown> => runs.run(notebook, wanted),
      (): OpenNotebooks => notebooks,
    ),
  );
  own(keepLanguages(controller));
  const kernel = own(new Kernel(controller, log));
  const memory = context.workspaceState;
  const begun = new OwnRuns(memory);
  const notebooks: OpenNotebooks = own(new OpenNotebooks({ agent, kernel, feed, log, memory, own: begun }));
  own(tellFailedStarts(feed, begun, words => vscode.window.showErrorMessage(words)));
  const secrets = new EditorSecrets(context.secrets);
  const runs: RunCommands = new RunCommands(notebooks, {
    ...{ agent, kernel, feed, secrets, own: begun, log },
    ...{ ask: askInputs, turns: new Turns() },
  });
  const questions = own(new Questions(agent, feed, log));
  const approvals = own(
    new Approvals({
      ...{ agent, questions, log, own: begun },
      show: ({ run, step }) => runs.showStep(vscode.Uri.file(fileOf(run, step)), step),
    }),
  );
  const pages = own(new VirtualPages());
  own(new MetadataKeeper(log));
  own(new RunbookProblems());
  own(connectOutputs({ agent, feed, runs, log }));
  own(registerProviders(own(new CellStatus(notebooks)), own(new RunLenses()), pages));

  const { index, runbooks } = own(showRunbooks(agent, feed, log));
  own(showRuns(agent, feed, questions, log));
  const health = own(openHealth(agent, log, memory));
  const folders = handrailFolders(process.env);
  const containers = own(
    openContainers({ agent, folders, log, dist: vscode.Uri.joinPath(context.extensionUri, 'dist') }, memory),
  );
  const clusters = own(openClusters({ agent, folders, log, shared: containers }, memory));
  own(
    registerCommands({
      ...{ health, folders, containers, clusters, agent, feed, log, notebooks, runs, index, runbooks },
      ...{ pages, approvals, questions, secrets },
    }),
  );
  own(vscode.workspace.onDidGrantWorkspaceTrust(() => agent.grantTrust()));
}

function showRunbooks(agent: AgentClient, feed: RunFeed, log: Log) {
  const index = new RunbookIndex(log);
  const results = new LastResults(agent, feed, log);
  const runbooks = new RunbooksProvider(index, results, agent);
  const all = vscode.Disposable.from(showTree(views.runbooks, runbooks), runbooks, results, index);
  return { index, runbooks, dispose: () => void all.dispose() };
}

function showRuns(agent: AgentClient, feed: RunFeed, questions: Questions, log: Log): vscode.Disposable {
  const background = new BackgroundSteps(agent, feed, log);
  const provider = new RunsProvider(agent, feed, questions, background);
  return vscode.Disposable.from(showTree(views.runs, provider), provider, background);
}

function agentOf(extensionPath: string, log: Log): AgentClient {
  return new AgentClient({
    folders: handrailFolders(process.env),
    id: randomUUID(),
    start: () =>
      startCommand(extensionPath, vscode.workspace.getConfiguration().get<string>(settings.node, '')),
    trusted: () => vscode.workspace.isTrusted,
    log,
  });
}

function registerProviders(status: CellStatus, lenses: RunLenses, pages: VirtualPages): vscode.Disposable {
  const markdown = { language: 'markdown', scheme: 'file' };
  return vscode.Disposable.from(
    vscode.workspace.registerNotebookSerializer(notebookType, new RunbookSerializer(), {
      transientOutputs: true,
    }),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, status),
    vscode.languages.registerCodeLensProvider(markdown, lenses),
    vscode.languages.registerCompletionItemProvider(markdown, attributeHelp, '{', '=', ','),
    vscode.languages.registerHoverProvider(markdown, attributeHelp),
    vscode.workspace.registerTextDocumentContentProvider(pageScheme, pages),
  );
}
