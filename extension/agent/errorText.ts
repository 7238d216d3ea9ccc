import { HandrailError } from '../../agent/protocol/errors';
import { basename } from 'node:path';
import { unlinked } from '../unlinked';

/** A failure in words for a person: what happened, and what to do next. */
export function errorText(error: unknown): string {
  return unlinked(wordsOf(error));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof HandrailError)) return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case 'untrusted':
      return 'This workspace is not trusted, so nothing runs in it. Trust it with Manage Workspace Trust.';
    case 'incompatible':
      return `${error.message}. Restart the agent, or reload the window after an update.`;
    case 'invalidRunbook':
      return diagnosticsText(error);
    case 'busy':
      return `The agent is busy: ${error.message}.`;
    case 'store':
      return `The history cannot be written: ${error.message}`;
    case 'internal':
      return `A mistake in the agent: ${error.message}. Its log has the details.`;
    case 'unavailable':
      return `${error.message}. Restart Agent tries again; Show Agent Log says more.`;
    case 'engine':
    case 'cluster':
      return engineText(error);
    case 'unauthenticated':
    case 'notFound':
    case 'needsAnswer':
    case 'secret':
    case 'invalidState':
    case 'tooLarge':
      return error.message;
    default:
      return assertNever(error.code);
  }
}

function engineText({ message, details: { hint } }: HandrailError): string {
  return typeof hint === 'string' ? `${message}. ${hint}` : message;
}

/** What a diagnostic in an error's details looks like; they come from another process, so nothing is taken for granted. */
interface SentDiagnostic {
  readonly message?: unknown;
  readonly hint?: unknown;
  readonly line?: unknown;
  readonly column?: unknown;
}

function diagnosticsText(error: HandrailError): string {
  const sent: unknown = error.details['diagnostics'];
  if (!Array.isArray(sent) || sent.length === 0) return error.message;
  const file = error.details['file'];
  const name = typeof file === 'string' ? basename(file) : 'line';
  return (sent as SentDiagnostic[])
    .slice(0, 3)
    .map(({ message, hint, line, column }) =>
      [
        `${name}:${said(line)}:${said(column)}: ${said(message)}`,
        ...(hint === undefined ? [] : [said(hint)]),
      ].join('. '),
    )
    .join('\n');
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function assertNever(code: never): never {
  throw new Error(`no words for the error ${String(code)}`);
}
