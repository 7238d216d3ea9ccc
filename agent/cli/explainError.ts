import { HandrailError } from '../protocol/errors';
import { MissingAnswers } from '../protocol/plan';
import type { Diagnostic } from '../runbook/model';
import { wordDiagnostics as diagnosticLines } from './present/wordDiagnostics';
import { UsageError } from './call';
import { exitCodes } from './exitCodes';
import { plain, withoutControls } from './terminal/words';
import { wordMissing as wordAnswers } from './wordMissing';

export interface Explanation {
  readonly lines: readonly string[];
  readonly code: number;
}

/** Words an error for a person: what, where, what next. */
export function explainError(error: unknown, context: { verbose: boolean; cwd: string }): Explanation {
  const { lines, code } = explain(error, context.cwd);
  const all = context.verbose ? [...lines, ...stackOf(error)] : lines;
  return { lines: all.flatMap(line => line.split('\n')).map(withoutControls), code };
}

function explain(error: unknown, cwd: string): Explanation {
  if (error instanceof UsageError) return { lines: [error.message], code: exitCodes.unusable };
  if (!(error instanceof HandrailError)) return bug(error);
  const { details, message } = error;
  switch (error.code) {
    case 'invalidRunbook':
      return { lines: wordDiagnostics(message, details, cwd), code: exitCodes.unusable };
    case 'needsAnswer':
      return { lines: wordAnswers(details, cwd) ?? [message], code: codeOf(details) };
    case 'store':
      return { lines: [message, '  To run without a history: --no-record'], code: exitCodes.unusable };
    case 'notFound':
      return {
        lines: [wordMissing(message, details), '  What there is: handrail runs'],
        code: exitCodes.unusable,
      };
    case 'internal':
      return {
        lines: [message, '  This is a bug; the log has more: handrail agent log'],
        code: exitCodes.failed,
      };
    default:
      return { lines: [message], code: exitCodes.unusable };
  }
}

/** Where all answers are there, and a value is wrong, it is the call that is. */
function codeOf(details: unknown): number {
  const { data } = MissingAnswers.safeParse(details);
  const isGiven = data?.inputs.every(({ wrong }) => wrong !== undefined) === true;
  const isWrong = isGiven && data.confirm.length + data.secrets.length === 0;
  return isWrong ? exitCodes.unusable : exitCodes.needsAnswer;
}

function wordDiagnostics(message: string, details: HandrailError['details'], cwd: string): string[] {
  const diagnostics = Array.isArray(details['diagnostics']) ? (details['diagnostics'] as Diagnostic[]) : [];
  if (diagnostics.length === 0) return [message];
  const { file } = details;
  // The first stands after `handrail: `; several begin below it, so that their places are in line.
  const lines = diagnosticLines(diagnostics, typeof file === 'string' ? file : 'line', cwd);
  return lines.length > 1 ? ['nothing was run', ...lines] : lines;
}

function wordMissing(message: string, { run, matches }: HandrailError['details']): string {
  // Of several that begin so the message has the names.
  if (typeof run !== 'string' || matches !== undefined) return message;
  return run === 'last' ? 'there is no run yet' : `there is no run ${plain(run)}`;
}

function bug(error: unknown): Explanation {
  const message = error instanceof Error ? error.message : String(error);
  return {
    lines: [`${message}`, '  This is a bug in Handrail; where it is: the same again with -v'],
    code: exitCodes.failed,
  };
}

function stackOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const stack = (error.stack ?? '').split('\n').slice(1);
  const { cause } = error;
  return cause instanceof Error ? [...stack, `caused by ${cause.message}`, ...stackOf(cause)] : stack;
}
