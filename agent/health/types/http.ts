import * as z from 'zod';
import { celDuration, celValue } from '../conditions/values';
import { checkType, ProbeFailure } from './checkType';
import type { HttpAnswer } from './httpAnswer';
import { sayUrl, WebOptions, webRequest } from './webRequest';

const Options = z.strictObject({
  ...WebOptions,
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'expected a method like GET')
    .default('GET'),
  /** What is sent; anything but text is sent as JSON. */
  body: z.unknown().optional(),
  /** How many redirects are followed. */
  redirects: z.number().int().min(0).max(20).default(5),
});

/** What a web server answers. */
export const http = checkType({
  name: 'http',
  about: 'what a web server answers, over HTTP or HTTPS',
  options: Options,
  values: {
    status: ['int', 'the status code'],
    headers: ['map', 'by name, in lower case'],
    text: ['string', 'the body, its first MiB'],
    body: ['dyn', 'the body as JSON, where it is', 'the answer is not JSON'],
    redirects: ['int', 'how many were followed'],
    url: ['string', 'where the answer came from'],
    dns: ['duration', 'until the name was looked up; phases are those of the last request'],
    connect: ['duration', 'from then until the connection stood'],
    tls: ['duration', 'from then until it was encrypted'],
    firstByte: ['duration', 'from then until the answer began'],
  },
  up: 'status >= 200 && status < 300',
  subject: ({ url }) => sayUrl(url),
  async probe({ redirects, url, method, body: given, headers: own, ...secure }, world) {
    const body = given === undefined ? undefined : bodyOf(given);
    const json =
      given === undefined || typeof given === 'string' ? {} : { 'content-type': 'application/json' };
    let request: Request = { url, method, body, headers: { ...json, ...lowerCase(own) } };
    for (let followed = 0; ; followed++) {
      const answer = await webRequest(
        // Nor does another origin learn who we are.
        {
          ...(request.url.origin === url.origin ? secure : withoutOwn(secure)),
          url: request.url,
          headers: request.headers,
        },
        world,
        request,
      );
      const next = redirects === 0 ? undefined : nextOf(answer, request.url);
      if (next === undefined) return valuesOf(answer, request.url, followed);
      if (followed === redirects) {
        throw new ProbeFailure(
          `${sayUrl(url)}: more than ${redirects} redirects, the last to ${sayUrl(next)}`,
        );
      }
      request = redirected(request, next, answer.status);
    }
  },
});

function withoutOwn<T extends { certificate?: unknown; key?: unknown }>(secure: T): T {
  return { ...secure, certificate: undefined, key: undefined };
}

function bodyOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function nextOf({ status, headers }: HttpAnswer, from: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (next !== undefined && /^https?:$/.test(next.protocol)) return next;
  throw new ProbeFailure(`${sayUrl(from)}: it redirects to ${location}, which is no web address`);
}

interface Request {
  readonly url: URL;
  readonly method: string;
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
}

/** What may be told to anybody; of all else nobody knows whether it is a secret. */
const harmless = ['accept', 'accept-language', 'accept-encoding', 'user-agent', 'content-type', 'range'];

/** As browsers do: another origin gets no credentials, and what is not repeated becomes a GET. */
function redirected({ url, method, body, headers }: Request, next: URL, status: number): Request {
  const isSame = next.origin === url.origin;
  const kept = Object.entries(headers).filter(([name]) => isSame || harmless.includes(name));
  const repeats = status === 307 || status === 308 || method === 'GET' || method === 'HEAD';
  return {
    url: next,
    headers: Object.fromEntries(kept),
    method: repeats ? method : 'GET',
    body: repeats ? body : undefined,
  };
}

function valuesOf(
  { status, headers, text, phases }: HttpAnswer,
  url: URL,
  followed: number,
): Record<string, unknown> {
  return {
    status: BigInt(status),
    headers,
    text,
    redirects: BigInt(followed),
    url: sayUrl(url),
    ...parsed(text, headers['content-type'] ?? ''),
    ...Object.fromEntries(Object.entries(phases).map(([name, ms]) => [name, celDuration(ms)])),
  };
}

/** What says that it is JSON, and what does not but looks like it. */
function parsed(text: string, type: string): { body?: unknown } {
  if (!/json/i.test(type) && !/^\s*[[{]/.test(text)) return {};
  try {
    return { body: celValue(JSON.parse(text)) };
  } catch {
    return {}; // A condition on `body` says that it is missing.
  }
}
