import { ResponseError } from 'vscode-jsonrpc/node';
import { ErrorData } from '../protocol/errorData';
import { errorCodes, type ErrorName, HandrailError } from '../protocol/errors';

/** What a request failed with, as the error it was on the agent's side. */
export function fromResponse(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  const data = ErrorData.safeParse(error.data);
  const name = data.success && isErrorName(data.data.name) ? data.data.name : 'internal';
  const details = data.success ? data.data.details : { code: error.code };
  return new HandrailError(name, error.message, details, { cause: error });
}

function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorCodes, name);
}
