import type { IMarker, Terminal } from '@xterm/xterm';

/** Each costs the terminal a call for every line it lets go, so there are only so many; the oldest are forgotten. */
const mostRanges = 200;

interface Range {
  readonly start: IMarker;
  end: IMarker;
  /** Whether the line of `end` belongs to it. */
  closed: boolean;
}

/** A thin bar left of the lines that came from stderr, in the order in which they came. */
export class StderrMarks {
  readonly element = document.createElement('div');
  readonly #terminal: Terminal;
  #ranges: Range[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.element.className = 'handrail-marks';
    this.element.setAttribute('aria-hidden', 'true');
    terminal.onRender(() => this.#draw());
    terminal.onScroll(() => this.#draw());
  }

  /** The next text is stderr's. Called when all before it has been parsed. */
  begin(): void {
    const start = this.#terminal.registerMarker(0);
    this.#ranges.push({ start, end: start, closed: false });
    if (this.#ranges.length > mostRanges) this.#release(this.#ranges.shift());
  }

  /** What came from stderr ends here. */
  finish(): void {
    const range = this.#ranges.at(-1);
    if (!range || range.closed) return;
    const atLineStart = this.#terminal.buffer.active.cursorX === 0;
    range.end = this.#terminal.registerMarker(atLineStart ? -1 : 0);
    range.closed = true;
    this.#draw();
  }

  clear(): void {
    for (const range of this.#ranges) this.#release(range);
    this.#ranges = [];
  }

  #release(range: Range | undefined): void {
    range?.start.dispose();
    range?.end.dispose();
  }

  #draw(): void {
    this.#ranges = this.#ranges.filter(({ end, closed }) => !closed || !end.isDisposed);
    const { viewportY } = this.#terminal.buffer.active;
    const { rows } = this.#terminal;
    const height = 100 / rows;
    const bars: HTMLElement[] = [];
    for (const { start, end, closed } of this.#ranges) {
      const first = Math.max(start.isDisposed ? 0 : start.line, viewportY) - viewportY;
      const last = Math.min(closed ? end.line : Infinity, viewportY + rows - 1) - viewportY;
      if (last >= first) bars.push(bar(first * height, (last - first + 1) * height));
    }
    this.element.replaceChildren(...bars);
  }
}

function bar(top: number, height: number): HTMLElement {
  const element = document.createElement('div');
  element.style.top = `${top}%`;
  element.style.height = `${height}%`;
  return element;
}
