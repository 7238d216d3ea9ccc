import { element, textButton } from './elements';
import { extentText } from './wording';

/** Hides the text of an output that is shown as something better; a click brings it back. */
export class Fold {
  readonly element = element('div', 'handrail-fold');
  readonly #output: HTMLElement;
  readonly #button = textButton('', () => this.#toggle());
  #foldable = false;
  #opened = false;
  #extent = '';

  /** `output` has the class `handrail-folded` while its text is hidden. */
  constructor(output: HTMLElement) {
    this.#output = output;
    this.element.append(this.#button);
    this.#show();
  }

  /** Whether the text is to be hidden until somebody asks for it. */
  set(foldable: boolean): void {
    this.#foldable = foldable;
    this.#show();
  }

  /** Shows the text. */
  open(): void {
    this.#opened = true;
    this.#show();
  }

  /** How much text there is; lines are not known where some went by unread. */
  tell(lines: number | undefined, bytes: number): void {
    this.#extent = extentText(lines, bytes);
    this.#show();
  }

  #toggle(): void {
    this.#opened = !this.#opened;
    this.#show();
  }

  #show(): void {
    this.element.hidden = !this.#foldable;
    this.#output.classList.toggle('handrail-folded', this.#foldable && !this.#opened);
    this.#button.textContent = this.#opened ? 'Hide text' : `Show text (${this.#extent})`;
    this.#button.setAttribute('aria-expanded', String(this.#opened));
  }
}
