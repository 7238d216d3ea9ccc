import * as z from 'zod';

/** `HOST:PORT`, `[::1]:80`. */
export const PortAddress = z.string().transform((written, context) => {
  const [, six, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(written.trim()) ?? [];
  const port = Number(digits);
  const host = six ?? name;
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port, written: written.trim() };
  context.addIssue(`expected HOST:PORT like 127.0.0.1:5432, not ${written}`);
  return z.NEVER;
});
