import type * as z from 'zod';

/**
 * One message of the protocol: its name and the schemas of what goes either way. Every message is a constant of
 * this type in the file of its topic; nobody writes a method's name as a string anywhere else.
 */
export interface RequestType<P extends z.ZodType, R extends z.ZodType> {
  readonly kind: 'request';
  readonly method: string;
  readonly params: P;
  readonly result: R;
  /** Milliseconds that the answer may take, where that is longer than usual. */
  readonly answerMs?: number;
}

/** A message without an answer. `from` tells which side sends it. */
export interface NotificationType<P extends z.ZodType> {
  readonly kind: 'notification';
  readonly method: string;
  readonly from: 'agent' | 'client';
  readonly params: P;
}

/** Declares a request, which always goes from a client to the agent. */
export function request<P extends z.ZodType, R extends z.ZodType>(
  method: string,
  params: P,
  result: R,
  { answerMs }: { answerMs?: number } = {},
): RequestType<P, R> {
  return { kind: 'request', method, params, result, ...(answerMs === undefined ? {} : { answerMs }) };
}

/** Declares a notification. */
export function notification<P extends z.ZodType>(
  method: string,
  from: 'agent' | 'client',
  params: P,
): NotificationType<P> {
  return { kind: 'notification', method, from, params };
}

/** What a sender of `M` has to give. */
export type ParamsOf<M extends { params: z.ZodType }> = z.input<M['params']>;

/** What the answer to `M` holds. */
export type ResultOf<M extends { result: z.ZodType }> = z.output<M['result']>;
