import { Lines, positionAt } from '../../runbook/lines';
import type { Diagnostic, FrontMatter, Runbook } from '../../runbook/model';

/** An error in the front matter that keeps the runbook from running. It stands at the key. */
export function frontMatterDiagnostic(
  { source }: Pick<Runbook, 'source'>,
  { span }: FrontMatter,
  key: string,
  code: string,
  message: string,
): Diagnostic {
  const text = source.slice(span.start, span.end);
  // As each of YAML, TOML and JSON writes a key at the start of a line, or JSON within one.
  const found = new RegExp(`^[ \\t]*\\[?["']?${key}["']?\\]?[ \\t]*[:=\\n]|"${key}"\\s*:`, 'm').exec(text);
  const start = span.start + (found ? found.index + found[0].search(/\S/) : 0);
  return {
    severity: 'error',
    code,
    message,
    ...positionAt(new Lines(source), start),
    span: { start, end: start + (found ? key.length : 0) },
  };
}
