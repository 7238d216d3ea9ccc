import type { Environment, SessionState } from './sessionState';
import { createBash } from './shell/bash';
import type { SavedShell, ShellDialect } from './shell/dialect';
import { createFish } from './shell/fish';
import { createPosix } from './shell/posix';
import { createZsh } from './shell/zsh';

const dialects = { bash: createBash, posix: createPosix, zsh: createZsh, fish: createFish } as const;

type ShellKind = keyof typeof dialects;

/** The shells of one session, each with the state it keeps between cells. */
export class SessionShells {
  readonly #shells = new Map<ShellKind, ShellDialect>();

  get(kind: ShellKind): ShellDialect {
    const dialect = this.#shells.get(kind) ?? dialects[kind]();
    this.#shells.set(kind, dialect);
    return dialect;
  }

  copy(): SessionShells {
    const copy = new SessionShells();
    for (const [kind, dialect] of this.#shells) copy.#shells.set(kind, dialect.copy());
    return copy;
  }

  hide(state: SessionState): void {
    for (const dialect of this.#shells.values()) dialect.hide(state);
  }

  save(client: Environment): Record<string, SavedShell> {
    const saved: Record<string, SavedShell> = {};
    for (const [kind, dialect] of this.#shells) {
      const shell = dialect.save(client);
      if (shell !== undefined) saved[kind] = shell;
    }
    return saved;
  }

  /** The other way; throws a TypeError where it is something else. */
  static load(saved: Readonly<Record<string, SavedShell>>): SessionShells {
    const shells = new SessionShells();
    for (const [kind, shell] of Object.entries(saved)) {
      if (!Object.hasOwn(dialects, kind)) throw new TypeError(`${kind} is no shell`);
      shells.get(kind as ShellKind).load(shell);
    }
    return shells;
  }
}
