import { plain, sayPath } from '../terminal/words';

/** A {@link import('../../runbook/model').Diagnostic}, also one that came over the protocol. */
interface Worded {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Absolute path, where it is in another file than the others. */
  readonly file?: string | undefined;
}

/** What is wrong or doubtful in a file, a line each: `docs/x.md:3:8: what. What to do.` */
export function wordDiagnostics(diagnostics: readonly Worded[], file: string, cwd: string): string[] {
  return diagnostics.map(({ line, column, message, hint, file: own = file }) => {
    const place = plain(sayPath(own, cwd));
    const sentences = [message, hint].filter(text => text !== undefined && text !== '');
    return `${place}:${line}:${column}: ${sentences.map(text => sentence(plain(text ?? ''))).join(' ')}`;
  });
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
