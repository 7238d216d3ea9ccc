/** What a runbook is called among people: `restart-api` for `docs/restart-api.md` and `restart-api.runbook.md`. */
export function runbookName(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return name.replace(/(\.runbook)?\.(md|markdown)$/i, '');
}
