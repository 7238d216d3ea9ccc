import * as vscode from 'vscode';
import type { EngineAction } from '../../../agent/protocol/containerActions';

/** What is being done to a thing, and since when (milliseconds since 1970). */
export interface Underway {
  readonly word: string;
  readonly since: number;
}

const words: Partial<Record<EngineAction['do'], string>> = {
  start: 'starting',
  stop: 'stopping',
  restart: 'restarting',
  kill: 'being killed',
  remove: 'being removed',
  removeImage: 'being removed',
  removeVolume: 'being removed',
  removeNetwork: 'being removed',
};

/** What this window has asked engines to do and they have not done: a stop takes its time. */
export class ActionsUnderway implements vscode.Disposable {
  readonly #underway = new Map<string, Underway>();
  readonly #changed = new vscode.EventEmitter<{
    readonly endpoint: string;
    readonly ids: readonly string[];
  }>();

  readonly onDidChange = this.#changed.event;

  of(endpoint: string, id: string): Underway | undefined {
    return this.#underway.get(keyOf(endpoint, id));
  }

  /** Tells of an action for as long as it takes; what it gives is passed on. */
  async during<T>(
    endpoint: string,
    ids: readonly string[],
    action: EngineAction['do'],
    done: Promise<T>,
  ): Promise<T> {
    const word = words[action];
    if (word === undefined) return done;
    const begun: Underway = { word, since: Date.now() };
    for (const id of ids) this.#underway.set(keyOf(endpoint, id), begun);
    this.#changed.fire({ endpoint, ids });
    try {
      return await done;
    } finally {
      // A later action on the same thing is still to be told of.
      for (const id of ids) if (this.of(endpoint, id) === begun) this.#underway.delete(keyOf(endpoint, id));
      this.#changed.fire({ endpoint, ids });
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function keyOf(endpoint: string, id: string): string {
  return JSON.stringify([endpoint, id]);
}
