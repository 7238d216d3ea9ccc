import { Terminal } from '@xterm/xterm';
import { FitAddon } from '@xterm/addon-fit';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { isWebAddress, tameEscapes } from './escapes';
import { StderrMarks } from './stderrMarks';
import { TerminalFeed } from './terminalFeed';
import { terminalLook } from './theme';

/** Lines a terminal keeps above the ones it shows. */
export const scrollback = 10_000;
/** Rows at which an output stops growing and scrolls inside. */
export const mostRows = 24;

/** What a terminal does to the world around it. */
export interface TerminalHost {
  input(data: string, binary: boolean): void;
  openLink(uri: string): void;
  /** Columns have changed to fit the cell. */
  resized(columns: number, rows: number): void;
  /** More has been parsed; what is shown may have changed. */
  parsed(): void;
  /** True while what is parsed has just been printed. */
  live(): boolean;
}

/**
 * The terminal emulator of one output. It always has {@link mostRows} rows, so that programs see one size; shown are
 * as many as there is text.
 */
export class StepTerminal {
  readonly element = document.createElement('div');
  readonly terminal: Terminal;
  readonly feed: TerminalFeed;
  readonly marks: StderrMarks;
  readonly #fit = new FitAddon();
  readonly #host: TerminalHost;
  readonly #resize = new ResizeObserver(() => this.fit());
  #inputOpen = false;
  #shownRows = -1;

  constructor(tty: boolean, host: TerminalHost) {
    this.#host = host;
    const activate = (event: MouseEvent, uri: string): void => {
      event.preventDefault();
      if (isWebAddress(uri)) host.openLink(uri);
    };
    this.terminal = new Terminal({
      ...terminalLook(),
      rows: mostRows,
      scrollback,
      convertEol: !tty,
      disableStdin: true,
      cursorInactiveStyle: 'none',
      minimumContrastRatio: 4.5,
      overviewRuler: { width: 10 },
      linkHandler: { activate, allowNonHttpProtocols: false },
      allowProposedApi: true,
    });
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(new WebLinksAddon(activate));
    tameEscapes(this.terminal, () => this.#inputOpen && host.live());
    this.terminal.onData(data => this.#inputOpen && host.input(data, false));
    this.terminal.onBinary(data => this.#inputOpen && host.input(data, true));
    this.terminal.onWriteParsed(() => this.#parsed());
    // Without such a word about its screen a terminal draws no cursor before somebody clicks into it.
    this.terminal.write('\x1b[?47l');
    this.feed = new TerminalFeed(this.terminal);
    this.marks = new StderrMarks(this.terminal);
    this.element.className = 'handrail-screen';
    // Focus would scroll the hidden rows into view.
    this.element.addEventListener('scroll', () => (this.element.scrollTop = 0));
  }

  /** Once the element is in the document: characters are measured there. */
  open(): void {
    if (this.terminal.element) return;
    const screen = document.createElement('div');
    this.element.append(screen);
    this.terminal.open(screen);
    screen.append(this.marks.element);
    this.#resize.observe(this.element);
    this.fit();
    this.tellSize();
    this.grow();
  }

  /** Whether the program reads what is typed. */
  openInput(open: boolean): void {
    this.#inputOpen = open;
    this.terminal.options.disableStdin = !open;
    this.element.classList.toggle('handrail-input', open);
    this.tellSize();
    this.grow();
  }

  get inputOpen(): boolean {
    return this.#inputOpen;
  }

  look(): void {
    Object.assign(this.terminal.options, terminalLook());
    this.fit();
    this.#shownRows = -1;
    this.grow();
  }

  /** Makes it as wide as its cell. */
  fit(): void {
    const columns = this.#fit.proposeDimensions()?.cols;
    if (!columns || this.element.clientWidth === 0 || columns === this.terminal.cols) return;
    // A selection keeps its columns while the text goes elsewhere.
    this.terminal.clearSelection();
    this.terminal.resize(columns, mostRows);
    this.tellSize();
    this.grow();
  }

  tellSize(): void {
    if (this.terminal.element) this.#host.resized(this.terminal.cols, mostRows);
  }

  /** Shows as many rows as there is text. */
  grow(): void {
    const rows = this.#usedRows();
    if (rows === this.#shownRows || !this.terminal.element) return;
    // A program that clears its screen to draw again would make the page jump.
    if (this.#inputOpen && rows < this.#shownRows) return;
    this.#shownRows = rows;
    const height = this.terminal.element.querySelector('.xterm-screen')?.clientHeight ?? 0;
    this.element.style.height = `${Math.ceil((height * rows) / mostRows)}px`;
  }

  #parsed(): void {
    this.grow();
    this.#host.parsed();
  }

  get isFull(): boolean {
    return this.terminal.buffer.normal.length >= scrollback + mostRows;
  }

  /** Whether there is text that only scrolling shows. */
  get isScrolled(): boolean {
    return this.terminal.buffer.normal.baseY > 0;
  }

  /** The text before the cursor in its line. */
  get cursorLine(): string {
    const buffer = this.terminal.buffer.active;
    const { baseY, cursorX, cursorY } = buffer;
    return buffer.getLine(baseY + cursorY)?.translateToString(false, 0, cursorX) ?? '';
  }

  get isEmpty(): boolean {
    return this.#usedRows() === 0;
  }

  dispose(): void {
    this.#resize.disconnect();
    this.terminal.dispose();
    this.feed.dispose();
    this.element.remove();
  }

  #usedRows(): number {
    const buffer = this.terminal.buffer.active;
    if (buffer.type === 'alternate' || buffer.baseY > 0) return mostRows;
    const cursor = this.#inputOpen ? buffer.cursorY + 1 : 0;
    for (let row = mostRows; row > cursor; row--) {
      if (buffer.getLine(row - 1)?.translateToString(true)) return row;
    }
    return cursor;
  }
}
