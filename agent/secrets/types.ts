/**
 * Secrets: fetched when first needed, handed to the cells that name them, masked wherever bytes leave an executor.
 * Values never reach disk, log, history or a message.
 */

/** Where a declared secret comes from: front matter `secrets: {NAME: "provider:rest"}` (design, front matter). */
export interface SecretReference {
  readonly name: string;
  readonly provider: 'env' | 'file' | 'cmd' | 'vault' | 'k8s' | 'editor';
  /** What follows the colon, as written. */
  readonly place: string;
  /** The runbook that declares it, where it is not that of the run: files are relative to it. */
  readonly from?: SecretOrigin;
}

export interface SecretOrigin {
  /** Absolute path. */
  readonly file: string;
  /** The variables that `env:` means. */
  readonly env: Readonly<Record<string, string>>;
}

/** Replaces secrets by `•••` (their name is not told). Knows each value raw, in base64 and URL-encoded. */
export interface Redactor {
  /** Whether there is nothing to replace: callers may then skip the work. */
  readonly isEmpty: boolean;
  /** A whole text: a message, a command. */
  text(text: string): string;
  /** A stream of bytes of one origin, which may be cut anywhere. */
  stream(): RedactingStream;
}

/** Holds back only what may be the beginning of a secret. */
export interface RedactingStream {
  /** What can be passed on now; the same buffer where nothing was replaced. */
  write(bytes: Uint8Array): Uint8Array;
  /**
   * What is held back, where a person waits for it and nothing more comes (a prompt): at most three bytes, and a
   * quarter of the secret they may begin; else nothing. A secret that goes on afterwards is masked from there on.
   */
  flush(): Uint8Array;
  /** What was held back until the end. */
  end(): Uint8Array;
}

/** The secrets of one run. */
export interface Secrets {
  /** Names that the runbook declares. */
  readonly names: ReadonlySet<string>;
  /** Masks what is known up to now; streams opened before follow what comes later. */
  readonly redactor: Redactor;
  /** Values fetched up to now, by name. */
  readonly fetched: ReadonlyMap<string, string>;
  /**
   * Values of the named secrets, fetched once a run. Rejects with HandrailError `secret` that names secret, provider,
   * why, and what to do: not there, refused, no text (binary, NUL), too long, too short to be masked, no answer within
   * the deadline.
   */
  fetch(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Masks these values from now on, too: a session has them from an earlier run. */
  mask(values: Iterable<string>): void;
}
