/** Whether a value of the front matter is keys with values. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A single value as text; nothing for lists and keys with values. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  const single = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
  return single ? String(value) : undefined;
}
