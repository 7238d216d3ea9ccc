import type { ContentTypeDecoder } from 'vscode-jsonrpc/node';

/**
 * Reads a message's JSON and lets only requests and notifications through: the agent asks nothing of clients, so
 * that an answer from one is as malformed as anything else. Its error ends the connection.
 */
export const jsonRpcDecoder: ContentTypeDecoder = {
  name: 'application/json',
  decode: bytes =>
    new Promise(resolve => {
      const message: unknown = JSON.parse(new TextDecoder().decode(bytes));
      if (!isCall(message)) throw new Error('A message is neither a request nor a notification');
      resolve(message);
    }),
};

interface Call {
  readonly jsonrpc: '2.0';
  readonly method: string;
}

function isCall(message: unknown): message is Call {
  if (!isObject(message)) return false;
  const { jsonrpc, method, id, params } = message;
  if (jsonrpc !== '2.0' || typeof method !== 'string') return false;
  if (id !== undefined && typeof id !== 'number' && typeof id !== 'string') return false;
  if (method === '$/cancelRequest')
    return isObject(params) && ['number', 'string'].includes(typeof params['id']);
  return params === undefined || isObject(params);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
