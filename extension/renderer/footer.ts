import { element, textButton } from './elements';
import type { StepCommand, StepStatus } from './messages';
import { statusText } from './wording';

/** The line below an output: how the step ended and what to do next. Nothing while it runs, little when it passed. */
export class Footer {
  readonly element = element('div', 'handrail-footer');
  readonly #run: (command: StepCommand) => void;

  constructor(run: (command: StepCommand) => void) {
    this.#run = run;
    this.element.setAttribute('role', 'status');
    this.element.hidden = true;
  }

  /** `empty`: nothing was printed, which is said because otherwise nothing would be there at all. */
  show(status: StepStatus, empty: boolean): void {
    const text = statusText(status);
    const quietlyPassed = status.state === 'passed' && !empty;
    this.element.hidden = text === undefined || quietlyPassed;
    if (!text) return this.element.replaceChildren();
    const parts: Node[] = [];
    if (text.sign) parts.push(element('span', `handrail-sign handrail-${text.tone}`, text.sign));
    parts.push(
      element(
        'span',
        'handrail-words',
        empty && text.tone === 'quiet' ? `${text.text} · no output` : text.text,
      ),
    );
    if (text.tone !== 'quiet') parts.push(...this.#nextSteps(status, empty));
    this.element.replaceChildren(...parts);
  }

  #nextSteps({ failedLine }: StepStatus, empty: boolean): Node[] {
    const links: Node[] = [];
    if (failedLine !== undefined) {
      links.push(
        textButton(`line ${failedLine}`, () => this.#run({ command: 'goToLine', line: failedLine })),
      );
    }
    links.push(textButton('Run again', () => this.#run({ command: 'runAgain' })));
    if (!empty) links.push(textButton('Open whole output', () => this.#run({ command: 'openOutput' })));
    return links;
  }
}
