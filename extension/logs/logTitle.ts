/** The title of a log's page: `Logs: web`, `Logs: web, db and 3 more`. */
export function logTitle(names: readonly string[]): string {
  const shown = names.slice(0, names.length === 3 ? 3 : 2).join(', ');
  const more = names.length - Math.min(names.length, names.length === 3 ? 3 : 2);
  return `Logs: ${shown}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
