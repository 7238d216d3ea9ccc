import { element } from '../elements';
import { styledTexts, type StyledText } from './ansi';
import type { KeptLine, LineStore } from './lineStore';
import { markMatches } from './markMatches';

/** How lines are drawn. */
export interface RowLook {
  readonly timestamps: boolean;
  /** Names of sources by index; shown where there are several. */
  readonly names: ReadonlyMap<number, string>;
  readonly pattern: RegExp | undefined;
}

/** Characters of a line that are drawn. */
const mostDrawn = 4096;
/** Marks of matches in one line. */
const mostMarks = 100;
/** Pixels that a browser's element can be high; lines beyond are reached by searching. */
const mostHeight = 30_000_000;
/** Milliseconds between two drawings of what comes by itself. */
const pace = 120;
/** Rows above and below those that are seen. */
const spare = 20;

/** A list of lines of which only those are drawn that are seen. */
export class LogRows {
  readonly element = element('div', 'log-rows');
  readonly #spacer = element('div', 'log-spacer');
  readonly #drawn = element('div', 'log-drawn');
  readonly #store: LineStore;
  readonly #moved: () => void;
  readonly #drawing: () => void;
  #look: RowLook = { timestamps: false, names: new Map(), pattern: undefined };
  #rowHeight = 18;
  #frame = 0;
  #timer: number | undefined;
  #drawnAt = 0;
  #marked = -1;
  /** Where it was scrolled to last. */
  #top = 0;
  /** Whether the newest line is kept in sight. */
  isFollowing = true;

  /** `moved`: a person scrolled away from the newest line, or back; `drawing`: with each drawing. */
  constructor(store: LineStore, { moved, drawing }: { moved: () => void; drawing: () => void }) {
    this.#store = store;
    this.#drawing = drawing;
    this.#moved = moved;
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'log');
    // Lines come faster than anybody could have them read out.
    this.element.setAttribute('aria-live', 'off');
    this.element.setAttribute('aria-label', 'Lines of the log');
    this.element.append(this.#spacer, this.#drawn);
    this.element.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  set look(look: RowLook) {
    this.#look = look;
    this.draw();
  }

  /** The line that is marked; -1: none. Brings it in sight. */
  set marked(index: number) {
    this.#marked = index;
    if (index >= 0) {
      this.isFollowing = false;
      const { clientHeight } = this.element;
      this.element.scrollTop = Math.max(0, index * this.#rowHeight - clientHeight / 2);
      this.#moved();
    }
    this.draw();
  }

  /** Index of the first line in sight. */
  get first(): number {
    return Math.floor(this.element.scrollTop / this.#rowHeight);
  }

  /** So many of the shown lines have gone at the beginning; what is in sight stays there. */
  dropped(count: number): void {
    if (count === 0) return;
    this.#marked = Math.max(-1, this.#marked - count);
    if (!this.isFollowing) this.element.scrollTop -= count * this.#rowHeight;
  }

  follow(): void {
    this.isFollowing = true;
    this.#moved();
    this.draw();
  }

  /** Draws what is in sight, with the next frame. */
  draw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** Draws what has come: at once after a silence, and not more often than one can read. */
  drawSoon(): void {
    const left = pace - (performance.now() - this.#drawnAt);
    if (left <= 0) this.draw();
    else this.#timer ??= window.setTimeout(() => this.draw(), left);
  }

  #draw(): void {
    this.#frame = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    this.#drawing();
    const { length } = this.#store;
    this.#spacer.style.height = `${Math.min(length * this.#rowHeight, mostHeight)}px`;
    if (this.isFollowing) this.element.scrollTop = this.element.scrollHeight;
    this.#top = this.element.scrollTop;
    const start = Math.max(0, this.first - spare);
    const end = Math.min(length, this.first + Math.ceil(this.element.clientHeight / this.#rowHeight) + spare);
    const rows: HTMLElement[] = [];
    for (let index = start; index < end; index++) {
      const line = this.#store.at(index);
      if (line !== undefined) rows.push(this.#row(line, index));
    }
    this.#drawn.style.transform = `translateY(${start * this.#rowHeight}px)`;
    this.#drawn.replaceChildren(...rows);
    const [first] = rows;
    const height = first?.getBoundingClientRect().height ?? 0;
    if (height > 0 && Math.abs(height - this.#rowHeight) > 0.01) {
      this.#rowHeight = height;
      this.draw();
    }
  }

  #row(line: KeptLine, index: number): HTMLElement {
    const { timestamps, names, pattern } = this.#look;
    const row = element('div', 'log-row');
    if (line.isError) row.classList.add('log-stderr');
    if (line.isNote) row.classList.add('log-between');
    if (index === this.#marked) row.classList.add('log-marked');
    if (timestamps) row.append(timeElement(line.time));
    if (names.size > 1) {
      row.append(element('span', `log-source log-colour-${line.source % 12}`, names.get(line.source) ?? ''));
    }
    row.append(...textOf(line, pattern));
    return row;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < this.#rowHeight;
    // What grows or shrinks moves the end; only who goes up wants to leave it.
    const isAway = scrollTop < this.#top - 1 && !isAtEnd;
    this.#top = scrollTop;
    if (isAway === this.isFollowing && (isAway || isAtEnd)) {
      this.isFollowing = isAtEnd;
      this.#moved();
    }
    this.draw();
  }
}

function timeElement(time: string): HTMLElement {
  const shown = element('span', 'log-time', localTime(time));
  shown.title = time;
  return shown;
}

/** `2026-01-02 03:04:05.123` where the reader is. */
export function localTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function textOf({ text, goesOn }: KeptLine, pattern: RegExp | undefined): Node[] {
  const drawn = text.slice(0, mostDrawn);
  const nodes = styledNodes(drawn, pattern);
  if (text.length > drawn.length || goesOn) {
    const left = text.length - drawn.length;
    const words = `${left > 0 ? ` … ${left.toLocaleString('en')} more characters` : ' …'}${goesOn ? ' (goes on below)' : ''}`;
    nodes.push(element('span', 'log-note', words));
  }
  return nodes;
}

function styledNodes(text: string, pattern: RegExp | undefined): Node[] {
  const pieces = styledTexts(text);
  if (pattern === undefined) return pieces.map(styledNode);
  return markMatches(pieces, pattern, mostMarks).map(piece => {
    const node = styledNode(piece);
    if (!piece.isMatch) return node;
    const mark = element('mark', 'log-match');
    mark.append(node);
    return mark;
  });
}

function styledNode({ text, classes, colour, background }: StyledText): Node {
  if (classes.length === 0 && colour === undefined && background === undefined)
    return document.createTextNode(text);
  const span = element('span', classes.map(name => `ansi-${name}`).join(' '), text);
  if (colour !== undefined) span.style.color = colour;
  if (background !== undefined) span.style.backgroundColor = background;
  return span;
}
