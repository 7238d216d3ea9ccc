import { element, textButton } from './elements';
import type { StepCommand } from './messages';
import { type Missing, missingText } from './missing';

/** The lines above an output: what of it is not shown, and why nothing comes. */
export class Notice {
  readonly element = element('div', 'handrail-notice');
  readonly #missing = element('div', 'handrail-missing');
  readonly #problem = element('div', 'handrail-problem');
  readonly #run: (command: StepCommand) => void;
  #shown: string | undefined;

  constructor(run: (command: StepCommand) => void) {
    this.#run = run;
    this.#problem.setAttribute('role', 'alert');
    this.#missing.hidden = true;
    this.#problem.hidden = true;
    this.element.append(this.#missing, this.#problem);
  }

  missing(missing: Missing): void {
    const text = missingText(missing);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#missing.hidden = text === undefined;
    const open = textButton('Open whole output', () => this.#run({ command: 'openOutput' }));
    this.#missing.replaceChildren(element('span', '', text ?? ''), open);
  }

  problem(problem: { reason: string; retry: boolean } | undefined): void {
    this.#problem.hidden = problem === undefined;
    this.#problem.replaceChildren();
    if (!problem) return;
    this.#problem.append(element('span', '', problem.reason));
    if (!problem.retry) return;
    this.#problem.append(
      textButton('Restart agent', () => this.#run({ command: 'restartAgent' })),
      textButton('Show log', () => this.#run({ command: 'showLog' })),
    );
  }
}
