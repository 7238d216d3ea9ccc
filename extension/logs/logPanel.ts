import * as vscode from 'vscode';
import type { AgentLog, AgentLogs, LogNews, OpenedLog } from '../agent/agentLogs';
import { errorText } from '../agent/errorText';
import type { FromLogPage, ToLogPage } from '../renderer/logPage/messages';
import { logPageHtml } from './logPageHtml';
import { ResumedLines } from './resumedLines';

/** Lines of each container that a page begins with. */
const firstLines = 1000;

/** Pieces of a log that are on their way to the page. */
const mostOnTheWay = 6;

/** What part of a log is wanted. */
export interface WantedLines {
  /** Lines of each source to begin with; all if absent. */
  readonly tail?: number;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

/** What a log is of. */
export interface ShownLog {
  /** Tells one log from all others. */
  readonly key: string;
  readonly title: string;
  /** Each time it is opened it has the same sources in the same order. */
  readonly hasFixedSources: boolean;
  /** Has the agent know of it, on a connection that is new. */
  find(): Promise<void>;
  open(wanted: WantedLines): Promise<OpenedLog>;
  /** Writes all that there is of it to a file. */
  save(path: string): Promise<{ readonly lines: number }>;
}

/** One page with a log; gone with its tab or the window. */
export class LogPanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #shown: ShownLog;
  readonly #logs: AgentLogs;
  readonly #save: () => unknown;
  #resumed: ResumedLines;
  #isWhole = false;
  #log: AgentLog | undefined;
  /** Counts what was opened, so that what comes late is known. */
  #turn = 0;
  #number = 0;
  /** Number of the last piece that the page has taken, and pieces that the agent is not told of yet. */
  #taken = 0;
  #waiting: { number: number; news: LogNews }[] = [];
  #isReady = false;

  constructor(
    shown: ShownLog,
    { logs, dist, save }: { logs: AgentLogs; dist: vscode.Uri; save: () => unknown },
  ) {
    this.#shown = shown;
    this.#logs = logs;
    this.#save = save;
    this.#resumed = this.#unread();
    this.#panel = vscode.window.createWebviewPanel('handrail.log', shown.title, vscode.ViewColumn.Active, {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [dist],
    });
    this.#panel.iconPath = new vscode.ThemeIcon('output');
    this.#panel.webview.onDidReceiveMessage((message: FromLogPage) => this.#take(message));
    this.#panel.webview.html = logPageHtml(this.#panel.webview, dist);
  }

  get onDidDispose(): vscode.Event<void> {
    return this.#panel.onDidDispose;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Opens the log, or opens it again where it was left off. */
  async open(): Promise<void> {
    if (!this.#isReady) return;
    const turn = ++this.#turn;
    this.#tell({ type: 'notice', text: 'Opening the log…' });
    try {
      const { since } = this.#resumed;
      this.#resumed.begin();
      const first = this.#isWhole ? {} : { tail: firstLines };
      const opened = this.#shown.open(since === undefined ? first : { since });
      const log = await this.#logs.open(opened, news => turn === this.#turn && this.#show(news));
      if (turn !== this.#turn) return void (await log.close());
      this.#log = log;
      this.#tell({ type: 'notice', text: undefined });
    } catch (error) {
      this.#tell({ type: 'notice', text: `The log cannot be opened: ${errorText(error)}` });
    }
  }

  /** Goes on where the log was left off, on a new connection. */
  async resume(): Promise<void> {
    await this.#shown.find();
    await this.open();
  }

  /** The agent has gone; what is there stays. */
  lost(): void {
    this.#turn += 1;
    this.#log = undefined;
    this.#waiting = [];
    this.#tell({ type: 'notice', text: 'The agent is away; the log goes on when it is back.' });
  }

  dispose(): void {
    this.#turn += 1;
    this.#panel.dispose();
    // Where the agent is gone, so is the log.
    void this.#log?.close().catch(() => undefined);
  }

  #unread(): ResumedLines {
    return new ResumedLines(this.#shown.hasFixedSources);
  }

  async #openWhole(): Promise<void> {
    this.#isWhole = true;
    this.#resumed = this.#unread();
    this.#waiting = [];
    const before = this.#log;
    this.#log = undefined;
    const opened = this.open();
    // Where the agent is gone, so is the log.
    await before?.close().catch(() => undefined);
    await opened;
  }

  #show(news: LogNews): void {
    const sources = news.sources && this.#resumed.sources(news.sources);
    const lines = this.#resumed.lines(news.lines);
    const number = ++this.#number;
    this.#waiting.push({ number, news });
    const { leftOut } = news;
    this.#tell({ type: 'lines', number, lines, ...(sources && { sources, ...(leftOut && { leftOut }) }) });
    this.#acknowledge();
    if (news.ended) this.#tell({ type: 'notice', text: 'The log has ended: nothing more will come.' });
  }

  /** Asks for more while few pieces are on their way to the page. */
  #acknowledge(): void {
    while ((this.#waiting[0]?.number ?? Infinity) <= this.#taken + mostOnTheWay)
      this.#waiting.shift()?.news.taken();
  }

  #take(message: FromLogPage): void {
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        return void this.open();
      case 'taken':
        this.#taken = message.number;
        return this.#acknowledge();
      case 'whole':
        return void this.#openWhole();
      case 'save':
        return void this.#save();
      case 'copy':
        return void copy(message.text, message.note);
    }
  }

  #tell(message: ToLogPage): void {
    void this.#panel.webview.postMessage(message);
  }
}

async function copy(text: string, note: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`Copied: ${note}`, 4000);
}
