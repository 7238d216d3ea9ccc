/** At most so many characters, in memory of their own: a piece of a text keeps all of it alive. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${Buffer.from(text.slice(0, most - 1)).toString()}…`;
}
