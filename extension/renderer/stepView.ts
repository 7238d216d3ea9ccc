import { binaryToBase64, decodeBase64, encodeBase64 } from './base64';
import { element, iconButton } from './elements';
import { FindBar } from './findBar';
import { Fold } from './fold';
import { Footer } from './footer';
import { InputHint } from './inputHint';
import type {
  HostMessage,
  PageEntry,
  RendererMessage,
  StepCommand,
  StepReference,
  StepStatus,
} from './messages';
import { cutLine } from './missing';
import { Notice } from './notice';
import { outputKeys, sortKeys } from './outputKeys';
import { OutputReader } from './outputReader';
import { OutputText } from './outputText';
import { scrollback, StepTerminal } from './stepTerminal';
import { extentText } from './wording';

/** One step's output in one webview: what was missing, the terminal, how it ended, and what one can do with it. */
export class StepView {
  readonly element = element('div', 'handrail-output');
  readonly #reference: StepReference;
  readonly #post: (message: RendererMessage) => void;
  readonly #screen: StepTerminal;
  readonly #text: OutputText;
  readonly #reader: OutputReader;
  readonly #find: FindBar;
  readonly #fold: Fold;
  readonly #footer: Footer;
  readonly #hint: InputHint;
  readonly #notice: Notice;
  readonly #stop: HTMLElement;
  readonly #sight: IntersectionObserver;
  #status: StepStatus;

  /** `id` is unique in all webviews. */
  constructor(id: string, reference: StepReference, post: (message: RendererMessage) => void) {
    this.#reference = reference;
    this.#status = reference.status;
    this.#post = post;
    const run = (command: StepCommand): void => this.#run(command);
    this.#screen = new StepTerminal(reference.tty, {
      input: (data, binary) =>
        this.#send({ type: 'input', data: binary ? binaryToBase64(data) : encodeBase64(data) }),
      openLink: url => run({ command: 'openLink', url }),
      resized: (columns, rows) => this.#resized(columns, rows),
      parsed: () => this.#parsed(),
      live: () => this.#text.live,
    });
    this.#text = new OutputText(this.#screen, bytes => cutLine(bytes));
    this.#reader = new OutputReader(id, reference, post, {
      take: entries => this.#take(entries),
      end: () => this.#text.settle(() => this.#show()),
      status: status => this.#setStatus(status),
      gone: problem => this.#notice.problem(problem),
    });
    this.#find = new FindBar(this.#screen.terminal, () => this.element.focus());
    this.#fold = new Fold(this.element);
    this.#footer = new Footer(run);
    this.#hint = new InputHint(this.#screen);
    this.#notice = new Notice(run);
    this.#stop = iconButton('stop', 'Stop', () => run({ command: 'stop' }));
    this.#sight = new IntersectionObserver(entries => this.#seen(entries.at(-1)?.isIntersecting ?? false));
    this.#build();
    this.#show();
  }

  /** Whether it shows this very step, so that it can go on in another place of the document. */
  shows(reference: StepReference): boolean {
    return reference.run === this.#reference.run && reference.step === this.#reference.step;
  }

  /** Puts it where it belongs, or leaves it there, and goes on reading. */
  attach(parent: HTMLElement, { status, folded }: StepReference): void {
    if (this.element.parentElement !== parent) parent.replaceChildren(this.element);
    this.#fold.set(folded === true);
    this.#screen.open();
    this.#setStatus(status);
    this.#sight.disconnect();
    this.#sight.observe(this.element);
  }

  receive(message: HostMessage): void {
    this.#reader
      .receive(message)
      .catch((error: unknown) =>
        this.#notice.problem({ reason: `Cannot be shown: ${String(error)}`, retry: false }),
      );
  }

  look(): void {
    this.#screen.look();
  }

  dispose(): void {
    this.#sight.disconnect();
    this.#reader.rest();
    this.#hint.dispose();
    this.#screen.dispose();
    this.element.remove();
  }

  #build(): void {
    const { name } = this.#reference;
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', `Output of ${name}. Enter moves into it, Escape out of it.`);
    const copy = (): void => this.#copy();
    const find = (): void => {
      this.#fold.open();
      this.#find.open();
    };
    const toolbar = element('div', 'handrail-toolbar');
    toolbar.setAttribute('role', 'toolbar');
    toolbar.setAttribute('aria-label', `Actions for the output of ${name}`);
    toolbar.append(
      this.#stop,
      iconButton('find', 'Find in output (Ctrl+F)', find),
      iconButton('copy', 'Copy', copy),
      iconButton('open', 'Open whole output in an editor', () => this.#run({ command: 'openOutput' })),
    );
    this.element.append(
      this.#notice.element,
      this.#find.element,
      toolbar,
      this.#fold.element,
      this.#screen.element,
      this.#hint.element,
      this.#footer.element,
    );
    const actions = { find, leave: () => this.element.focus() };
    sortKeys(this.#screen, actions);
    outputKeys(this.element, this.#screen, actions);
  }

  #seen(visible: boolean): void {
    if (visible) this.#reader.wake();
    else this.#reader.rest();
  }

  async #take(entries: readonly PageEntry[]): Promise<void> {
    for (const entry of entries) {
      if ('missing' in entry) this.#text.miss(entry.missing, entry.bytes);
      else this.#text.write(entry.stream, decodeBase64(entry.data), entry.time);
    }
    await this.#text.ready();
  }

  #setStatus(status: StepStatus): void {
    // An item written before the step ended must not take back what is known since.
    const known = this.#status.endedAt !== undefined && status.endedAt === undefined;
    if (!known) this.#status = status;
    this.#show();
  }

  #show(): void {
    const running = this.#status.state === 'running';
    const input = running && this.#reference.tty;
    if (input !== this.#screen.inputOpen) {
      this.#screen.openInput(input);
      this.#hint.update();
    }
    this.#stop.hidden = !running;
    this.#showExtent();
  }

  #parsed(): void {
    if (this.#screen.inputOpen) this.#hint.update();
    this.#showExtent();
  }

  #showExtent(): void {
    const { total, skipped, lines } = this.#text;
    const complete = this.#reader.ended && this.#text.settled;
    this.#footer.show(this.#status, {
      empty: complete && this.#screen.isEmpty,
      extent: this.#screen.isScrolled ? extentText(lines, total) : undefined,
    });
    this.#fold.tell(lines, total);
    this.#notice.missing({ total, skipped, full: this.#screen.isFull ? scrollback : undefined });
  }

  #copy(): void {
    const selection = this.#screen.terminal.getSelection();
    this.#run(selection ? { command: 'copyOutput', selection } : { command: 'copyOutput' });
  }

  #resized(columns: number, rows: number): void {
    if (this.#screen.inputOpen) this.#send({ type: 'resize', columns, rows });
  }

  #run(command: StepCommand): void {
    this.#send({ type: 'command', do: command });
  }

  #send(
    message:
      | { type: 'input'; data: string }
      | { type: 'resize'; columns: number; rows: number }
      | { type: 'command'; do: StepCommand },
  ): void {
    this.#post({ ...message, run: this.#reference.run, step: this.#reference.step });
  }
}
