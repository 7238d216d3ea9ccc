/** Where the bytes of a stream go. */
export interface StreamSink {
  /** Resolves when there is room for more. */
  send(channel: 'out' | 'err', bytes: Uint8Array): Promise<void>;
  end(end: StreamEnd): void;
}

/** How a stream ended: the exit code of a process, or why it ended otherwise. */
export interface StreamEnd {
  readonly exit?: number;
  readonly message?: string;
  readonly hint?: string;
}

/** What a stream is of, as whoever looks at it holds it. */
export interface StreamSource {
  /** Throws HandrailError `invalidState` where it takes no input. */
  write(data: Uint8Array): void;
  resize(columns: number, rows: number): void;
  /** Ends it; {@link StreamSink.end} follows. */
  close(): void;
}
