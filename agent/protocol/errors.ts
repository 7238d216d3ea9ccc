/**
 * Errors that a request can end with: a code and data, worded by whoever shows them. JSON-RPC reserves −32768 to
 * −32000 (https://www.jsonrpc.org/specification#error_object); ours are positive.
 */
export const errorCodes = {
  /** The connection may not do this until its workspace is trusted. */
  untrusted: 1,
  /** No handshake yet, a wrong token, or one too late. */
  unauthenticated: 2,
  /** Client and agent speak different protocol versions; data: both. */
  incompatible: 3,
  /** No run, step or session of that id. */
  notFound: 4,
  /** The runbook cannot be run as asked; data: diagnostics. */
  invalidRunbook: 5,
  /** Approval or input is missing; data: what. */
  needsAnswer: 6,
  /** The store cannot be used: disk full, read-only, corrupt, newer; data: reason and path. */
  store: 7,
  /** The agent is busy or leaving. */
  busy: 8,
  /** The request makes no sense in the present state (input to a step that has ended); data: state. */
  invalidState: 9,
  /** A bug in the agent; the log has the stack. */
  internal: 10,
  /** No agent could be reached or started, or it is gone; data: reason (`folder`, `start`, `deadline`, `closed` …). */
  unavailable: 11,
  /** The answer is longer than a connection carries; data: most and bytes. */
  tooLarge: 12,
  /** A secret could not be fetched; data: its name and provider. */
  secret: 13,
  /** A container engine cannot be reached, or says no; data: endpoint, trouble or status, hint. */
  engine: 14,
  /** A cluster cannot be reached, or says no; data: context, trouble or status, hint, `verb` where a right is missing. */
  cluster: 15,
} as const;

export type ErrorName = keyof typeof errorCodes;

/** What all copies of the class know their instances by. */
const mark = Symbol.for('handrail.error');

/**
 * A failure that is expected and has a code. Anything else that is thrown is a bug. Bundles that are loaded late have a
 * copy of this class each: `instanceof` takes an instance of any copy for one.
 */
export class HandrailError extends Error {
  override readonly name = 'HandrailError';
  readonly code: ErrorName;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorName,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  static override [Symbol.hasInstance]<Class>(
    this: abstract new (...words: never) => Class,
    value: unknown,
  ): value is Class {
    if ((this as unknown) !== HandrailError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && mark in value;
  }

  get [mark](): true {
    return true;
  }
}
