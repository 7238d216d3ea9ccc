import { element, textButton } from './elements';
import type { StepTerminal } from './stepTerminal';

/** Silence after which a program seems to wait for somebody: at once behind a prompt, else only after long. */
const silence = { prompt: 400, other: 4000 };

/** Says that a running program can be typed to, once it looks as if it waited for that. */
export class InputHint {
  readonly element = element('div', 'handrail-hint');
  readonly #why = element('span', '');
  readonly #screen: StepTerminal;
  #timer = 0;

  constructor(screen: StepTerminal) {
    this.#screen = screen;
    this.element.hidden = true;
    this.element.setAttribute('aria-live', 'polite');
    this.element.append(
      element(
        'span',
        'handrail-hint-away',
        this.#why,
        textButton('Click here to type', () => screen.terminal.focus()),
      ),
      element('span', 'handrail-hint-inside', 'What you type goes to the program · Escape leaves it'),
    );
  }

  /** Something was printed, or the program began or ended. One timer runs then; none while nothing comes. */
  update(): void {
    window.clearTimeout(this.#timer);
    if (!this.#screen.inputOpen) return this.#show(false);
    const prompted = isPrompt(this.#screen.cursorLine);
    // A line that is drawn over and over again would make the page jump.
    if (!prompted && !this.#screen.element.contains(document.activeElement)) this.#show(false);
    this.#timer = window.setTimeout(
      () => {
        this.#why.textContent = prompted ? 'It seems to wait for you. ' : 'Nothing printed for a while. ';
        this.#show(true);
      },
      prompted ? silence.prompt : silence.other,
    );
  }

  dispose(): void {
    window.clearTimeout(this.#timer);
  }

  #show(shown: boolean): void {
    if (this.element.hidden === shown) this.element.hidden = !shown;
    this.#screen.element.classList.toggle('handrail-waiting', shown);
    this.#screen.terminal.options.cursorInactiveStyle = shown ? 'outline' : 'none';
  }
}

/** `Password:`, `[y/N] `, `Name? `, `>>> `, `root@api:/# `; not `20 %`, which is progress. */
function isPrompt(line: string): boolean {
  return /[?:>\])»❯]\s*$|[#$%]\s$/.test(line) && !/\d\s*%\s*$/.test(line);
}
