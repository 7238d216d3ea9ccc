import { saySince } from '../../agent/protocol/words';
import { element, textButton } from './elements';
import type { StepCommand, StepStatus } from './messages';
import { statusText, type StatusText } from './wording';

/** The line below an output: how the step ended and what to do next. Little when it passed. */
export class Footer {
  readonly element = element('div', 'handrail-footer');
  readonly #ending = element('span', 'handrail-ending');
  readonly #words = element('span', '');
  readonly #open: HTMLElement;
  readonly #run: (command: StepCommand) => void;
  #shown: string | undefined;

  constructor(run: (command: StepCommand) => void) {
    this.#run = run;
    // Read aloud is how it ended, not each line that is counted.
    this.#ending.setAttribute('role', 'status');
    this.element.hidden = true;
    this.#open = textButton('Open whole output', () => run({ command: 'openOutput' }));
    this.element.append(this.#ending, element('span', 'handrail-extent', this.#words, this.#open));
  }

  /** `extent`: how long the output is, where that cannot be seen; `empty`: nothing was printed, which is said too. */
  show(status: StepStatus, { empty, extent }: { empty: boolean; extent: string | undefined }): void {
    const text = statusText(status);
    const ending = status.state === 'passed' && !empty ? undefined : text;
    const whole = !empty && (extent !== undefined || (ending !== undefined && ending.tone !== 'quiet'));
    this.element.hidden = ending === undefined && !whole;
    this.#words.textContent = extent === undefined ? '' : `${extent} · `;
    this.#open.hidden = !whole;
    const shown = JSON.stringify([ending, empty, status.failedLine, status.since]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#ending.replaceChildren(...(ending === undefined ? [] : this.#parts(ending, status, empty)));
  }

  /** The cell by itself, or it and what comes after it in its run, which is the same where nothing does. */
  #next(): Node[] {
    return [
      textButton('Run again', () => this.#run({ command: 'runAgain' })),
      textButton('Resume from here', () => this.#run({ command: 'resume' })),
    ];
  }

  #parts({ sign, text, tone }: StatusText, status: StepStatus, empty: boolean): Node[] {
    const { failedLine } = status;
    const since = tone === 'quiet' ? undefined : saySince(status, Date.now());
    const words = empty && tone === 'quiet' ? `${text} · no output` : text;
    return [
      ...(sign === '' ? [] : [element('span', `handrail-sign handrail-${tone}`, sign)]),
      element('span', 'handrail-words', words),
      ...(tone !== 'quiet' && failedLine !== undefined
        ? [textButton(`line ${failedLine}`, () => this.#run({ command: 'goToLine', line: failedLine }))]
        : []),
      ...(tone === 'quiet' ? [] : this.#next()),
      ...(since === undefined ? [] : [element('span', 'handrail-since', since)]),
    ];
  }
}
