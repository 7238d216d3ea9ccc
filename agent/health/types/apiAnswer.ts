import type * as z from 'zod';
import { ProbeFailure, type ProbeWorld } from './checkType';
import { sayUrl, webRequest } from './webRequest';

/** The JSON of an API below an address, as `schema` reads it. */
export async function apiAnswer<S extends z.ZodType>(
  given: Parameters<typeof webRequest>[0],
  path: string,
  schema: S,
  world: ProbeWorld,
): Promise<z.output<S>> {
  const url = new URL(path, given.url.href.endsWith('/') ? given.url : `${given.url.href}/`);
  const { status, text } = await webRequest({ ...given, url }, world);
  const where = sayUrl(given.url);
  // 4xx may be an answer, too: what is wrong with the request stands in it.
  const read = schema.safeParse(jsonOf(text));
  if (read.success) return read.data;
  if (status === 401 || status === 403) {
    throw new ProbeFailure(`${where}: not permitted (${status}). Who may: headers`, { unknown: true });
  }
  throw new ProbeFailure(`${where}: it answers ${status}, and not as was expected of it`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No schema takes it.
  }
}
