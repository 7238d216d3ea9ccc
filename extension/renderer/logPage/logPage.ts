import type { LogLine, LogSource } from '../../../agent/protocol/logs';
import { element, textButton } from '../elements';
import { plainText } from './ansi';
import { type BarChoice, LogBar } from './logBar';
import { LineStore, patternOf } from './lineStore';
import { localTime, LogRows } from './logRows';
import { MatchIndex } from './matchIndex';
import { RestartNotes } from './restartNotes';
import css from './logPage.css';
import type { FromLogPage, ToLogPage } from './messages';

declare function acquireVsCodeApi(): { postMessage(message: FromLogPage): void };

/** Characters that are copied at once. */
const mostCopied = 16 * 1024 * 1024;

/** Milliseconds of one drawing in which lines are looked at for matches. */
const lookTime = 8;

/** The page of a log. */
class LogPage {
  readonly #tell: (message: FromLogPage) => void;
  readonly #store = new LineStore();
  readonly #rows = new LogRows(this.#store, {
    moved: () => this.#moved(),
    drawing: () => this.#tellState(),
  });
  readonly #matching = new MatchIndex(this.#store);
  readonly #bar = new LogBar({
    changed: choice => this.#choose(choice),
    find: direction => this.#find(direction),
    copy: () => this.#copy(),
    whole: () => {
      this.#clear();
      this.#store.forget();
      this.#tell({ type: 'whole' });
    },
    save: () => this.#tell({ type: 'save' }),
    clear: () => this.#clear(),
  });
  readonly #sources = element('div', 'log-sources');
  readonly #status = element('div', 'log-status');
  readonly #notice = element('div', 'log-notice');
  readonly #newer = textButton('', () => this.#rows.follow());
  readonly #restarts = new RestartNotes();
  #known: readonly LogSource[] = [];
  #hidden = new Set<number>();
  #pattern: RegExp | undefined;
  #choice: BarChoice = { typed: '', isRegex: false, isExact: false, isFilter: false, timestamps: false };
  #found = -1;
  #isCounted = true;
  /** What was typed last is no pattern. */
  #isWrong = false;
  /** Lines that have come since a person scrolled away. */
  #unseen = 0;
  /** Containers whose lines are not shown, as there are too many. */
  #leftOut = 0;
  /** What was taken, and is told once there is room. */
  #held: number | undefined;

  constructor(tell: (message: FromLogPage) => void) {
    this.#tell = tell;
    this.#notice.setAttribute('role', 'status');
    this.#notice.hidden = true;
    this.#newer.classList.add('log-newer');
    this.#newer.hidden = true;
    document.body.append(
      this.#bar.element,
      this.#sources,
      this.#notice,
      this.#rows.element,
      this.#newer,
      this.#status,
    );
    document.addEventListener('keydown', event => this.#key(event));
    this.#draw();
  }

  take(message: ToLogPage): void {
    if (message.type === 'notice') {
      this.#notice.textContent = message.text ?? '';
      this.#notice.hidden = message.text === undefined;
      return;
    }
    if (message.sources !== undefined) {
      this.#leftOut = message.leftOut ?? 0;
      this.#takeSources(message.sources);
    }
    this.#takeLines(message.lines);
    this.#held = message.number;
    this.#release();
    this.#rows.drawSoon();
  }

  #takeLines(lines: readonly LogLine[]): void {
    const before = this.#store.length;
    if (!this.#restarts.isWaiting) this.#store.add(lines);
    else
      for (const line of lines) {
        this.#store.add(this.#restarts.before(line), true);
        this.#store.add([line]);
      }
    if (this.#rows.isFollowing) this.#trim();
    else this.#unseen += Math.max(0, this.#store.length - before);
  }

  /** Who reads further up keeps what is there: then no more is taken, and the engine waits. */
  #release(): void {
    if (this.#held === undefined || (!this.#rows.isFollowing && this.#store.isFull)) return;
    this.#tell({ type: 'taken', number: this.#held });
    this.#held = undefined;
  }

  #trim(): void {
    const count = this.#store.trim();
    this.#rows.dropped(count);
    this.#matching.dropped(count);
    if (this.#found >= 0) this.#found = Math.max(-1, this.#found - count);
  }

  #takeSources(sources: readonly LogSource[]): void {
    this.#restarts.take(sources);
    this.#known = sources;
    const chips = sources.map(source => this.#chip(source));
    this.#sources.replaceChildren(
      ...chips,
      ...(this.#leftOut === 0 ? [] : [leftOutNote(this.#leftOut, sources)]),
    );
    this.#sources.hidden = sources.length < 2 && sources.every(({ state }) => state === 'following');
    this.#look();
  }

  #chip({ index, name, state, message }: LogSource): HTMLElement {
    const said = state === 'following' ? '' : ` · ${message ?? (state === 'waiting' ? 'waiting' : 'ended')}`;
    const chip = textButton(`${name}${said}`, () => this.#hide(index));
    chip.classList.add('log-chip', `log-colour-${index % 12}`, `log-${state}`);
    chip.title = `${name}: ${state}${message === undefined ? '' : ` (${message})`}. Shows or hides its lines.`;
    chip.setAttribute('aria-pressed', String(!this.#hidden.has(index)));
    return chip;
  }

  #hide(index: number): void {
    if (!this.#hidden.delete(index)) this.#hidden.add(index);
    this.#takeSources(this.#known);
    this.#show();
  }

  #choose(choice: BarChoice): void {
    const pattern = patternOf(choice.typed, choice);
    this.#choice = choice;
    this.#isWrong = typeof pattern === 'string';
    if (typeof pattern === 'string')
      return this.#bar.say(`No regular expression: ${pattern}`, { isError: true });
    this.#bar.say('');
    this.#pattern = pattern;
    this.#found = -1;
    this.#show();
  }

  /** Shows what is wanted, of all that is there. */
  #show(): void {
    const pattern = this.#choice.isFilter ? this.#pattern : undefined;
    this.#store.show({ hidden: this.#hidden, pattern });
    this.#matching.begin(this.#pattern);
    this.#found = -1;
    this.#rows.marked = -1;
    this.#look();
    this.#count();
    this.#draw();
  }

  /** Tells how many lines match; the rest of a long log is looked at with the next drawings. */
  #count(isNews = true): void {
    if (this.#pattern === undefined || this.#isWrong) return;
    const isWhole = this.#matching.look(lookTime);
    this.#bar.say(this.#matching.words(this.#found, isWhole), {
      isNews: isNews || isWhole !== this.#isCounted,
    });
    this.#isCounted = isWhole;
    if (!isWhole) this.#rows.drawSoon();
  }

  #look(): void {
    this.#rows.look = {
      timestamps: this.#choice.timestamps,
      names: new Map(this.#known.map(({ index, name }) => [index, name])),
      pattern: this.#pattern,
    };
  }

  #find(direction: 1 | -1): void {
    const pattern = this.#pattern;
    const { length } = this.#store;
    if (pattern === undefined || length === 0) return;
    const from = this.#found >= 0 ? this.#found : direction > 0 ? this.#rows.first - 1 : length;
    const index = this.#store.find(pattern, from, direction);
    if (index !== undefined) {
      this.#found = index;
      this.#rows.marked = index;
    }
    this.#count();
  }

  #copy(): void {
    const selected = getSelection()?.toString() ?? '';
    if (selected !== '') return this.#tell({ type: 'copy', text: selected, note: 'what was selected' });
    const parts: string[] = [];
    let size = 0;
    let index = this.#store.length - 1;
    const names = new Map(this.#known.map(({ index: at, name }) => [at, name]));
    for (; index >= 0 && size < mostCopied; index--) {
      const { time, text, source } = this.#store.at(index) ?? { time: '', text: '', source: 0 };
      const name = names.size > 1 ? `${names.get(source) ?? ''} | ` : '';
      const line = `${this.#choice.timestamps ? `${localTime(time)} ` : ''}${name}${plainText(text)}`;
      parts.push(line);
      size += line.length + 1;
    }
    const note = `${parts.length.toLocaleString('en')} lines${index >= 0 ? ', the newest; more is too much to copy' : ''}`;
    this.#tell({ type: 'copy', text: `${parts.reverse().join('\n')}\n`, note });
  }

  #clear(): void {
    this.#store.clear();
    this.#matching.begin(this.#pattern);
    this.#found = -1;
    this.#rows.follow();
  }

  #moved(): void {
    if (this.#rows.isFollowing) {
      this.#unseen = 0;
      this.#trim();
      this.#release();
    }
    this.#draw();
  }

  #draw(): void {
    this.#rows.draw();
  }

  #tellState(): void {
    this.#count(false);
    const { total, gone, length, isFull } = this.#store;
    const count = (lines: number): string => `${lines.toLocaleString('en')} line${lines === 1 ? '' : 's'}`;
    const said = [
      length === total ? count(total) : `${count(length)} of ${total.toLocaleString('en')}`,
      ...(gone > 0 ? [`${gone.toLocaleString('en')} earlier ones let go`] : []),
      ...(this.#held !== undefined && isFull ? ['waiting: scroll to the end for more'] : []),
    ];
    this.#status.textContent = said.join(' · ');
    this.#newer.hidden = this.#rows.isFollowing;
    this.#newer.textContent =
      this.#unseen === 0
        ? 'To the end'
        : `${this.#unseen.toLocaleString('en')} new line${this.#unseen === 1 ? '' : 's'}`;
  }

  #key(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') this.#bar.focus();
    else if (event.key === 'F3') this.#find(event.shiftKey ? -1 : 1);
    else if ((event.ctrlKey || event.metaKey) && event.key === 'End') this.#rows.follow();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function leftOutNote(count: number, { length }: readonly LogSource[]): HTMLElement {
  const words = `${count.toLocaleString('en')} more left out: ${length.toLocaleString('en')} are followed at most`;
  return element('span', 'log-said', words);
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];
const editor = acquireVsCodeApi();
const page = new LogPage(message => editor.postMessage(message));
window.addEventListener('message', (event: MessageEvent<ToLogPage>) => page.take(event.data));
editor.postMessage({ type: 'ready' });
