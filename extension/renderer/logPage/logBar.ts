import { element, iconButton, textButton } from '../elements';

/** What a person has set in the bar. */
export interface BarChoice {
  readonly typed: string;
  readonly isRegex: boolean;
  readonly isExact: boolean;
  /** Only lines that match are shown. */
  readonly isFilter: boolean;
  readonly timestamps: boolean;
}

/** What the bar asks for. */
export interface BarActions {
  changed(choice: BarChoice): void;
  find(direction: 1 | -1): void;
  copy(): void;
  whole(): void;
  save(): void;
  clear(): void;
}

/** The bar above a log: search, filter, and what can be done. */
export class LogBar {
  readonly element = element('div', 'log-bar');
  readonly #input = element('input', 'log-input');
  readonly #said = element('span', 'log-said');
  readonly #toggles = new Map<'regex' | 'exact' | 'filter' | 'timestamps', HTMLButtonElement>();
  readonly #actions: BarActions;
  #timer: number | undefined;

  constructor(actions: BarActions) {
    this.#actions = actions;
    this.#input.type = 'text';
    this.#input.placeholder = 'Search (Ctrl+F)';
    this.#input.setAttribute('aria-label', 'Search in the log');
    this.#said.setAttribute('aria-live', 'polite');
    this.#input.addEventListener('input', () => this.#soon());
    this.#input.addEventListener('keydown', event => this.#key(event));
    this.element.setAttribute('role', 'toolbar');
    this.element.append(
      this.#input,
      this.#toggle('exact', 'Aa', 'Match case'),
      this.#toggle('regex', '.*', 'Regular expression'),
      this.#toggle('filter', 'Only matches', 'Show only lines that match'),
      iconButton('up', 'Previous match (Shift+Enter)', () => actions.find(-1)),
      iconButton('down', 'Next match (Enter)', () => actions.find(1)),
      this.#said,
      element('span', 'log-gap'),
      this.#toggle('timestamps', 'Times', 'Show when each line was written'),
      iconButton('copy', 'Copy what is selected, or all lines that are shown', () => actions.copy()),
      textButton('From the start', () => actions.whole()),
      textButton('Save…', () => actions.save()),
      textButton('Clear', () => actions.clear()),
    );
  }

  /** Puts the caret where one searches. */
  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  /** Tells how many there are, or what is wrong. `isNews`: it is read out; what only counts on is not. */
  say(text: string, { isError = false, isNews = true } = {}): void {
    if (text === this.#said.textContent) return;
    this.#said.setAttribute('aria-live', isNews ? 'polite' : 'off');
    this.#said.textContent = text;
    this.#said.classList.toggle('log-error', isError);
    this.#input.setAttribute('aria-invalid', String(isError));
  }

  #toggle(
    name: 'regex' | 'exact' | 'filter' | 'timestamps',
    label: string,
    title: string,
  ): HTMLButtonElement {
    const button = element('button', 'log-toggle', label);
    button.type = 'button';
    button.title = title;
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(!this.#isOn(name)));
      this.#tell();
    });
    this.#toggles.set(name, button);
    return button;
  }

  #isOn(name: 'regex' | 'exact' | 'filter' | 'timestamps'): boolean {
    return this.#toggles.get(name)?.getAttribute('aria-pressed') === 'true';
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#tell(), 150);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#actions.changed({
      typed: this.#input.value,
      isRegex: this.#isOn('regex'),
      isExact: this.#isOn('exact'),
      isFilter: this.#isOn('filter'),
      timestamps: this.#isOn('timestamps'),
    });
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.#input.value = '';
      this.#tell();
    } else if (event.key === 'Enter') {
      if (this.#timer !== undefined) this.#tell();
      this.#actions.find(event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
  }
}
