import * as vscode from 'vscode';
import type { AgentStream, AgentStreams, StreamEnd } from '../agent/agentStreams';
import { errorText } from '../agent/errorText';
import { endWords } from './endWords';
import { pacedWriter } from './pacedWriter';

/** What the agent is asked to open for a terminal, and what it has opened. */
export interface TerminalSource {
  /** `command`: what runs there, as a person would type it, shown first. */
  open(size: { columns: number; rows: number }): Promise<{ stream: number; title: string; command?: string }>;
  /** What it has said is for reading: it stays also where it ended well. */
  readonly stays?: boolean;
}

const usualSize = { columns: 80, rows: 24 };

/**
 * A terminal over a stream of the agent: keys go in, bytes come out no faster than a terminal draws them, its size is
 * told. It says how its process ended, and stays until a key is pressed, but for one that ended well.
 */
export class ContainerTerminal implements vscode.Pseudoterminal {
  readonly #source: TerminalSource;
  readonly #streams: AgentStreams;
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number | void>();
  readonly #name = new vscode.EventEmitter<string>();
  readonly #writer = pacedWriter(text => this.#write.fire(text));
  readonly #decoder = new TextDecoder();
  #size = usualSize;
  #stream: AgentStream | undefined;
  /** Keys go one after another, also those pressed before the stream was open. */
  #sending: Promise<void> = Promise.resolve();
  #typed = '';
  #ended = false;

  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly onDidChangeName = this.#name.event;

  constructor(source: TerminalSource, streams: AgentStreams) {
    this.#source = source;
    this.#streams = streams;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    if (dimensions !== undefined) this.#size = sizeOf(dimensions);
    this.#sending = this.#start();
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.#size = sizeOf(dimensions);
    const { columns, rows } = this.#size;
    void this.#stream?.resize(columns, rows).catch((error: unknown) => this.#say(errorText(error)));
  }

  handleInput(data: string): void {
    if (this.#ended) return this.#close.fire();
    this.#typed += data;
    this.#sending = this.#sending.then(() => this.#send());
  }

  close(): void {
    this.#writer.dispose();
    if (this.#ended) return;
    this.#ended = true;
    // The window has no more use for it; where the agent is gone, so is the process.
    void this.#stream?.close().catch(() => undefined);
  }

  async #start(): Promise<void> {
    const asked = this.#size;
    try {
      const { stream, title, command } = await this.#source.open(asked);
      if (command !== undefined) this.#write.fire(dim(`$ ${command}`));
      this.#stream = this.#streams.open(stream, {
        take: bytes => this.#writer.write(this.#decoder.decode(bytes, { stream: true })),
        ended: end => this.#finish(end),
      });
      // Closed, or drawn at another size, while it was being opened.
      if (this.#ended) return await this.#stream.close();
      this.#name.fire(title);
      if (this.#size !== asked) await this.#stream.resize(this.#size.columns, this.#size.rows);
    } catch (error) {
      this.#say(errorText(error));
    }
  }

  async #send(): Promise<void> {
    const typed = this.#typed;
    this.#typed = '';
    if (typed === '' || this.#ended) return;
    try {
      await this.#stream?.write(Buffer.from(typed));
    } catch (error) {
      this.#say(errorText(error));
    }
  }

  #finish(end: StreamEnd): void {
    if (this.#ended) return;
    if (end.exit === 0 && end.message === undefined && this.#source.stays !== true) {
      this.#ended = true;
      this.#close.fire(0);
    } else this.#say(endWords(end));
  }

  /** The last words; the terminal goes with the next key. */
  #say(words: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#write.fire(`\r\n${dim(`[${words} · any key closes]`)}`);
  }
}

/** A line of ours, with nothing in it that would steer the terminal. */
function dim(words: string): string {
  const plain = words.replace(/[^\P{Cc}\n]/gu, '').replaceAll('\n', '\r\n');
  return `\x1b[0;2m${plain}\x1b[0m\r\n`;
}

function sizeOf({ columns, rows }: vscode.TerminalDimensions): { columns: number; rows: number } {
  return { columns: Math.max(1, columns), rows: Math.max(1, rows) };
}
