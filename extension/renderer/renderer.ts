import type { ActivationFunction, RendererContext } from 'vscode-notebook-renderer';
import terminalStyle from '@xterm/xterm/css/xterm.css';
import style from './renderer.css';
import { element } from './elements';
import { PAGE_MIME, type HostMessage, type RendererMessage, type StepReference } from './messages';
import { showPage } from './printedPage';
import { StepView } from './stepView';
import { onLookChanged } from './theme';

/** How long an output that VS Code took away may come back elsewhere and go on. Milliseconds. */
const graceTime = 1000;

/** Entry point of the notebook renderer `handrail-step`: one {@link StepView} for each output item. */
export const activate: ActivationFunction = context => {
  const sheet = document.createElement('style');
  sheet.textContent = terminalStyle + style;
  document.head.append(sheet);
  const outputs = new Outputs(context);
  onLookChanged(() => outputs.look());
  context.onDidReceiveMessage?.(message => outputs.receive(message as HostMessage));
  outputs.hello();
  return {
    renderOutputItem: (item, parent) =>
      item.mime === PAGE_MIME
        ? showPage(item.text(), parent)
        : outputs.render(item.id, referenceOf(item.text()), parent),
    disposeOutputItem: id => outputs.remove(id),
  };
};

class Outputs {
  readonly #views = new Map<string, StepView>();
  readonly #leaving = new Map<StepView, number>();
  readonly #post: (message: RendererMessage) => void;
  #made = 0;
  /** Tells this load of the webview from all others. */
  readonly #load = crypto.getRandomValues(new Uint32Array(4)).join('-');

  constructor(context: RendererContext<unknown>) {
    this.#post = message => context.postMessage?.(message);
  }

  hello(): void {
    this.#post({ type: 'hello' });
  }

  render(id: string, reference: StepReference | undefined, parent: HTMLElement): void {
    if (!reference) return parent.replaceChildren(element('div', 'handrail-problem', unreadable));
    const present = this.#views.get(id);
    if (present && !present.shows(reference)) this.#drop(present);
    const view = present?.shows(reference) ? present : (this.#returning(reference) ?? this.#make(reference));
    this.#views.set(id, view);
    view.attach(parent, reference);
  }

  receive(message: HostMessage): void {
    for (const view of this.#views.values()) view.receive(message);
    for (const view of this.#leaving.keys()) view.receive(message);
  }

  /** VS Code takes an output away and puts it back when it is replaced by a newer one of the same step. */
  remove(id: string | undefined): void {
    for (const key of id === undefined ? [...this.#views.keys()] : [id]) {
      const view = this.#views.get(key);
      this.#views.delete(key);
      if (!view) continue;
      this.#leaving.set(
        view,
        window.setTimeout(() => this.#drop(view), graceTime),
      );
    }
  }

  look(): void {
    for (const view of this.#views.values()) view.look();
  }

  #make(reference: StepReference): StepView {
    this.#made += 1;
    return new StepView(`${this.#load}/${this.#made}`, reference, this.#post);
  }

  #returning(reference: StepReference): StepView | undefined {
    const view = [...this.#leaving.keys()].find(candidate => candidate.shows(reference));
    if (!view) return undefined;
    window.clearTimeout(this.#leaving.get(view));
    this.#leaving.delete(view);
    return view;
  }

  #drop(view: StepView): void {
    this.#leaving.delete(view);
    view.dispose();
  }
}

const unreadable =
  'This output was written by another version of Handrail and cannot be shown. Run the cell again.';

/** The item's content is part of a notebook, so anything may be in it. */
function referenceOf(text: string): StepReference | undefined {
  try {
    const value = JSON.parse(text) as Partial<StepReference> | null;
    const status = value?.status;
    const complete =
      typeof value?.run === 'string' &&
      Number.isInteger(value.step) &&
      typeof value.name === 'string' &&
      typeof status?.state === 'string';
    const flags = { tty: value?.tty === true, folded: value?.folded === true };
    return complete ? ({ ...value, ...flags } as StepReference) : undefined;
  } catch {
    // Not JSON: told to the person by the caller.
    return undefined;
  }
}
