/** Looks every few milliseconds until `look` gives something; throws, with what it waited for, after `deadline` ms. */
export async function waitFor<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  deadline = 10_000,
): Promise<T> {
  const end = Date.now() + deadline;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Waited ${deadline} ms for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
