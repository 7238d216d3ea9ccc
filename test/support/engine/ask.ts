import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** GET from an engine's socket, as bare as can be; also the baseline of measurements. */
export async function ask(socket: string, path: string): Promise<string> {
  const response = await open(socket, path);
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`GET ${path}: ${response.statusCode} ${body}`);
  return body;
}

/** The same for an answer that goes on: events, logs, stats. */
export async function open(socket: string, path: string): Promise<IncomingMessage> {
  const sent = request({ socketPath: socket, path, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}
