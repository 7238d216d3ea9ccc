import type { ParamsOf, ResultOf } from '../protocol/message';
import type { closeStream, resizeStream, writeStream } from '../protocol/streams';
import type { Agent } from './agent';
import type { Client } from './client';

/** Answers {@link writeStream}. */
export function writeToStream(
  { stream, data }: ParamsOf<typeof writeStream>,
  _agent: Agent,
  client: Client,
): ResultOf<typeof writeStream> {
  client.streams.source(stream).write(Buffer.from(data, 'base64'));
  return {};
}

/** Answers {@link resizeStream}. */
export function resizeStreamTo(
  { stream, columns, rows }: ParamsOf<typeof resizeStream>,
  _agent: Agent,
  client: Client,
): ResultOf<typeof resizeStream> {
  client.streams.source(stream).resize(columns, rows);
  return {};
}

/** Answers {@link closeStream}. */
export function endStream(
  { stream }: ParamsOf<typeof closeStream>,
  _agent: Agent,
  client: Client,
): ResultOf<typeof closeStream> {
  client.streams.source(stream).close();
  return {};
}
