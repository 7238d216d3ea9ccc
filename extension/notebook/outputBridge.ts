import type * as z from 'zod';
import type { Disposable, Event, NotebookEditor, NotebookRendererMessaging } from 'vscode';
import type { ParamsOf, RequestType, ResultOf } from '../../agent/protocol/message';
import { HandrailError } from '../../agent/protocol/errors';
import { resizeTerminal, writeInput } from '../../agent/protocol/output';
import type { StepRecord } from '../../agent/protocol/runs';
import type { HostMessage, RendererMessage, StepCommand } from '../renderer/messages';
import { isRendererMessage } from './rendererMessage';
import { StepReader } from './stepReader';

/** The agent, as outputs need it. */
export interface OutputSource {
  /** Rejects with {@link HandrailError} if the agent refuses, with another error if it cannot be reached. */
  request<P extends z.ZodType, R extends z.ZodType>(
    type: RequestType<P, R>,
    params: ParamsOf<RequestType<P, R>>,
  ): Promise<ResultOf<RequestType<P, R>>>;
  /** A step changed (`record`) or has new output. Told of every run that a notebook shows. */
  readonly onStepChanged: Event<{ run: string; step: number; record?: StepRecord }>;
  /** The agent can be reached, again or by another connection. */
  readonly onConnected: Event<void>;
}

/** What the extension does for an output. */
export interface OutputActions {
  /** A person asked for it; `editor` is where. Rejects with what to tell. */
  command(step: { run: string; step: number }, command: StepCommand, editor: NotebookEditor): Promise<void>;
  /** Something went wrong that the person cannot see. */
  log(message: string, error: unknown): void;
}

type Messaging = Pick<NotebookRendererMessaging, 'onDidReceiveMessage' | 'postMessage'>;

/**
 * Answers the output renderers of all notebook editors, each for itself: pages of output to those who asked, input and
 * sizes to the agent, commands to the extension. `messaging` is `notebooks.createRendererMessaging(RENDERER_ID)`.
 */
export function bridgeOutput(messaging: Messaging, source: OutputSource, actions: OutputActions): Disposable {
  const bridge = new OutputBridge(messaging, source, actions);
  const subscriptions = [
    messaging.onDidReceiveMessage(({ editor, message }) => bridge.receive(editor, message)),
    source.onStepChanged(change => bridge.wake(change)),
    source.onConnected(() => bridge.reconnect()),
  ];
  return {
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      bridge.dispose();
    },
  };
}

class OutputBridge {
  readonly #messaging: Messaging;
  readonly #source: OutputSource;
  readonly #actions: OutputActions;
  readonly #editors = new Map<NotebookEditor, Map<string, StepReader>>();

  constructor(messaging: Messaging, source: OutputSource, actions: OutputActions) {
    this.#messaging = messaging;
    this.#source = source;
    this.#actions = actions;
  }

  receive(editor: NotebookEditor, message: unknown): void {
    if (!isRendererMessage(message)) return this.#actions.log('malformed message from an output', message);
    switch (message.type) {
      case 'hello':
        return this.#forget(editor);
      case 'read':
        return this.#read(editor, message);
      case 'rest':
        return this.#rest(editor, message.reader);
      case 'command':
        return this.#run(editor, message);
      case 'input':
        return this.#send(writeInput, { run: message.run, step: message.step, data: message.data });
      case 'resize': {
        const { run, step, columns, rows } = message;
        return this.#send(resizeTerminal, { run, step, columns, rows });
      }
    }
  }

  wake(change: { run: string; step: number; record?: StepRecord }): void {
    for (const reader of this.#readers()) {
      if (reader.run === change.run && reader.step === change.step) reader.wake(change.record);
    }
  }

  reconnect(): void {
    for (const reader of this.#readers()) reader.wake();
  }

  dispose(): void {
    for (const editor of [...this.#editors.keys()]) this.#forget(editor);
  }

  #read(editor: NotebookEditor, message: Extract<RendererMessage, { type: 'read' }>): void {
    const readers = this.#editors.get(editor) ?? new Map<string, StepReader>();
    this.#editors.set(editor, readers);
    let reader = readers.get(message.reader);
    if (!reader) {
      const post = (answer: HostMessage): void => {
        void this.#post(editor, answer);
        // Nothing more is asked or told about an output that is complete.
        if (answer.type === 'page' && answer.ended) this.#rest(editor, answer.reader);
      };
      reader = new StepReader(message.reader, message, this.#source, post);
      readers.set(message.reader, reader);
    }
    reader.ask(message.after);
  }

  #run(
    editor: NotebookEditor,
    { run, step, do: command }: Extract<RendererMessage, { type: 'command' }>,
  ): void {
    this.#actions
      .command({ run, step }, command, editor)
      .catch((error: unknown) => this.#actions.log(`command ${command.command} of an output failed`, error));
  }

  async #post(editor: NotebookEditor, message: HostMessage): Promise<void> {
    try {
      // False only where no webview exists any more: nobody will ask or listen there again.
      if (!(await this.#messaging.postMessage(message, editor))) this.#forget(editor);
    } catch (error) {
      this.#actions.log('an output could not be reached', error);
      this.#forget(editor);
    }
  }

  #send<P extends z.ZodType, R extends z.ZodType>(
    type: RequestType<P, R>,
    params: ParamsOf<RequestType<P, R>>,
  ): void {
    this.#source.request(type, params).catch((error: unknown) => {
      // The step ended while the key was under way: the output says so already.
      if (error instanceof HandrailError && error.code === 'invalidState') return;
      this.#actions.log(`${type.method} failed`, error);
    });
  }

  #rest(editor: NotebookEditor, reader: string): void {
    this.#editors.get(editor)?.get(reader)?.dispose();
    this.#editors.get(editor)?.delete(reader);
  }

  #forget(editor: NotebookEditor): void {
    for (const reader of this.#editors.get(editor)?.values() ?? []) reader.dispose();
    this.#editors.delete(editor);
  }

  #readers(): StepReader[] {
    return [...this.#editors.values()].flatMap(readers => [...readers.values()]);
  }
}
