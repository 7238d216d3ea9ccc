/** Text that is passed on in order, no faster than a terminal takes it. */
export interface PacedWriter {
  /** Resolves when the text has been passed on. */
  write(text: string): void | Promise<void>;
  dispose(): void;
}

const pauseMs = 10;
/** Characters between two pauses: 6 MB/s, which VS Code's terminal draws without growing behind. */
const charactersAtOnce = 64 * 1024;

/**
 * VS Code takes whatever a terminal's owner writes and keeps what it has not drawn; so the owner has to be slow itself.
 * What a person types and sees is far below the pace and passes at once.
 */
export function pacedWriter(pass: (text: string) => void): PacedWriter {
  let passed = 0;
  let pausing: PromiseWithResolvers<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const pause = () => {
    pausing ??= Promise.withResolvers<void>();
    timer ??= setTimeout(() => {
      timer = undefined;
      passed = 0;
      pausing?.resolve();
      pausing = undefined;
    }, pauseMs);
    return pausing.promise;
  };
  return {
    write(text) {
      if (text !== '') pass(text);
      passed += text.length;
      return passed >= charactersAtOnce ? pause() : undefined;
    },
    dispose() {
      clearTimeout(timer);
      pausing?.resolve();
    },
  };
}
