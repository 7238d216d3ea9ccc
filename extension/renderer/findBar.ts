import { SearchAddon, type ISearchDecorationOptions } from '@xterm/addon-search';
import type { Terminal } from '@xterm/xterm';
import { element, iconButton } from './elements';
import { type MatchColours, matchColours, terminalLook } from './theme';

/** Finds text in one terminal; VS Code's own Find sees only the rows that are shown. */
export class FindBar {
  readonly element = element('div', 'handrail-find');
  readonly #input = element('input', 'handrail-find-input');
  readonly #count = element('span', 'handrail-find-count');
  readonly #search = new SearchAddon({ highlightLimit: 1000 });
  readonly #terminal: Terminal;
  readonly #closed: () => void;
  #loaded = false;

  /** `closed`: the focus has to go elsewhere. */
  constructor(terminal: Terminal, closed: () => void) {
    this.#terminal = terminal;
    this.#closed = closed;
    this.element.hidden = true;
    this.element.setAttribute('role', 'search');
    this.#input.type = 'text';
    this.#input.placeholder = 'Find in output';
    this.#input.setAttribute('aria-label', 'Find in output');
    this.#count.setAttribute('aria-live', 'polite');
    this.element.append(
      this.#input,
      this.#count,
      iconButton('up', 'Previous match (Shift+Enter)', () => this.#find('previous')),
      iconButton('down', 'Next match (Enter)', () => this.#find('next')),
      iconButton('close', 'Close (Escape)', () => this.close()),
    );
    this.#input.addEventListener('input', () => this.#find('typed'));
    this.element.addEventListener('keydown', event => this.#key(event));
  }

  open(): void {
    if (!this.#loaded) this.#load();
    this.element.hidden = false;
    const selected = this.#terminal.getSelection();
    if (selected && !selected.includes('\n')) this.#input.value = selected;
    this.#input.focus();
    this.#input.select();
    this.#find('typed');
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.#forget();
    this.#closed();
  }

  #load(): void {
    this.#loaded = true;
    this.#terminal.loadAddon(this.#search);
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => {
      this.#tell(
        resultCount === 0 ? 'No results' : `${resultIndex < 0 ? '?' : resultIndex + 1} of ${resultCount}`,
      );
    });
  }

  #find(how: 'typed' | 'next' | 'previous'): void {
    const term = this.#input.value;
    if (!term) {
      this.#forget();
      return this.#tell('');
    }
    const options = { incremental: how === 'typed', decorations: this.#paint(matchColours()) };
    const found =
      how === 'previous' ? this.#search.findPrevious(term, options) : this.#search.findNext(term, options);
    if (!found) this.#tell('No results');
  }

  /** The terminal shows the match one stands at as a selection, above the add-on's own colour for it. */
  #paint({ match, matchBorder, active, activeBorder }: MatchColours): ISearchDecorationOptions {
    this.#terminal.options.theme = { ...terminalLook().theme, selectionInactiveBackground: active };
    return {
      ...(match === undefined ? {} : { matchBackground: match }),
      ...(matchBorder === undefined ? {} : { matchBorder }),
      matchOverviewRuler: match ?? matchBorder ?? active,
      activeMatchBackground: active,
      activeMatchBorder: activeBorder,
      activeMatchColorOverviewRuler: active,
    };
  }

  /** The match one stood at is a selection, which nobody made. */
  #forget(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
    this.#terminal.options.theme = terminalLook().theme;
  }

  #tell(count: string): void {
    this.#count.textContent = count;
  }

  #key(event: KeyboardEvent): void {
    // What is typed here is nothing for the editor's shortcuts.
    if (!event.ctrlKey && !event.metaKey && event.key !== 'F1' && event.key !== 'F6') event.stopPropagation();
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' && event.target === this.#input)
      this.#find(event.shiftKey ? 'previous' : 'next');
    else if (event.key === 'F3') this.#find(event.shiftKey ? 'previous' : 'next');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
