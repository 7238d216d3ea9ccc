import * as z from 'zod';
import type { ProbeWorld } from './checkType';
import { httpAnswer, type HttpAnswer } from './httpAnswer';
import { networkFailure } from './networkFailure';
import { TlsOptions, tlsOptions } from './tlsOptions';

/** `http://…` or `https://…`. */
export const WebAddress = z.string().transform((written, context) => {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '') return url;
  context.addIssue(`expected an address like https://example.org/health, not ${written}`);
  return z.NEVER;
});

/** Where a web server is, and how to speak to it. */
export const WebOptions = {
  url: WebAddress,
  headers: z.record(z.string(), z.string()).default({}),
  ...TlsOptions,
};

type Given = z.output<z.ZodObject<typeof WebOptions>>;

/** Sends one request; what goes wrong on the way is put in words. */
export async function webRequest(
  { url, headers, ...secure }: Given,
  { signal, folder }: Pick<ProbeWorld, 'signal' | 'folder'>,
  { method = 'GET', body }: { method?: string; body?: string | undefined } = {},
): Promise<HttpAnswer> {
  try {
    return await httpAnswer({ url, method, body, headers, tls: tlsOptions(secure, folder), signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw networkFailure(error, sayUrl(url));
  }
}

/** An address without the password that it may have. */
export function sayUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}
