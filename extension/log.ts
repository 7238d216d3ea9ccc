/** The window's log. Messages are constant text; what varies goes into the data, and no secret ever. */
export interface Log {
  info(message: string, data?: Readonly<Record<string, unknown>>): void;
  warn(message: string, data?: Readonly<Record<string, unknown>>): void;
  /** For bugs: the stack is kept. */
  error(message: string, cause: unknown): void;
}
