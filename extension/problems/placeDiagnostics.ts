import type { Diagnostic } from '../../agent/runbook/model';

/** What of a runbook's text an editor shows. */
export interface ShownText {
  /** The line of the file that its first line is, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
  /** Lines of the file before the first that are about it, as the opening line of a fence is; one after it always is. */
  readonly before: number;
}

/** A range of a text: lines and characters from 0. */
export interface ShownRange {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Where a diagnostic of a runbook stands in what editors show of it: the index of the text and a range of one of its
 * lines; undefined where none of them shows it.
 */
export function placeDiagnostic(
  { line, column, span }: Pick<Diagnostic, 'line' | 'column' | 'span'>,
  source: readonly string[],
  texts: readonly ShownText[],
): { readonly text: number; readonly range: ShownRange } | undefined {
  const text = texts.findIndex(
    one => one.line - one.before <= line && line <= one.line + Math.max(1, one.lines.length),
  );
  const found = texts[text];
  if (found === undefined) return undefined;
  const at = line - found.line;
  const last = Math.max(0, found.lines.length - 1);
  // What is wrong in the lines around it, which nobody sees, is told at its first or last line.
  if (at < 0 || at > last) {
    const edge = at < 0 ? 0 : last;
    return { text, range: wholeLine(edge, found.lines[edge] ?? '') };
  }
  const shown = found.lines[at] ?? '';
  // In a list or quote an editor shows less of a line than the file has.
  const hidden = Math.max(0, (source[line - 1] ?? '').lastIndexOf(shown));
  const start = Math.min(Math.max(0, column - 1 - hidden), shown.length);
  const end = Math.min(start + Math.max(0, span.end - span.start), shown.trimEnd().length);
  return { text, range: end > start ? { line: at, start, end } : wholeLine(at, shown) };
}

function wholeLine(line: number, text: string): ShownRange {
  const start = text.length - text.trimStart().length;
  return { line, start, end: Math.max(start, text.trimEnd().length) };
}
