import { ResponseError } from 'vscode-jsonrpc/node';
import * as z from 'zod';
import type { ErrorData } from '../protocol/errorData';
import { errorCodes, HandrailError } from '../protocol/errors';
import type { Log } from './log';

/** Reserved by JSON-RPC (https://www.jsonrpc.org/specification#error_object). */
const invalidParams = -32602;
const methodNotFound = -32601;

type Response = ResponseError<z.infer<typeof ErrorData>>;

/** How a failure is answered. What is not an expected one is a bug: noted with its stack, told as `internal`. */
export function errorResponse(error: unknown, method: string, log: Log): Response {
  if (error instanceof ResponseError) return error as Response;
  if (error instanceof HandrailError) {
    return new ResponseError(errorCodes[error.code], error.message, {
      name: error.code,
      details: { ...error.details },
    });
  }
  log.error('A request failed unexpectedly', error, { method });
  return new ResponseError(errorCodes.internal, 'Handrail has a bug here; its log tells more', {
    name: 'internal',
    details: { method },
  });
}

/** The parameters do not have the form that the protocol says. */
export function wrongParams(method: string, error: z.ZodError): Response {
  return new ResponseError(invalidParams, `Wrong parameters of ${method}: ${z.prettifyError(error)}`, {
    name: 'internal',
    details: { method, reason: 'params' },
  });
}

/** Nobody answers a request of that name. */
export function unknownMethod(method: string): Response {
  return new ResponseError(methodNotFound, `There is no request ${method}`, {
    name: 'internal',
    details: { method, reason: 'method' },
  });
}
