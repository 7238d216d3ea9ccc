import { secretProblem, shortestSecret } from '../runbook/secretText';
import { SecretFailure } from './secretFailure';

/** Bytes of a value, at most. */
export const longestValue = 64 * 1024;

/** A value as text. Throws SecretFailure where it cannot be handed to a cell or cannot be masked. */
export function checkValue(value: Uint8Array | string): string {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  if (bytes.length > longestValue) {
    const most = `${longestValue / 1024} KiB`;
    throw new SecretFailure('tooLong', `it is longer than ${most}`, 'Let the cell read a file of that size.');
  }
  if (bytes.includes(0)) throw binary('holds a NUL byte');
  const text = decode(bytes);
  if (secretProblem(text) !== undefined) {
    const why =
      text.trim() === ''
        ? 'it is empty'
        : `it has fewer than ${shortestSecret} characters, too short to be masked safely`;
    throw new SecretFailure('tooShort', why, 'Store a longer one, or make it an input if it is no secret.');
  }
  return text;
}

/** Takes one line end off, as the shell's `$(…)` takes them all: programs and editors put it there. */
export function withoutLastLineEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 10) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 13 ? -2 : -1);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw binary('is not UTF-8', cause);
  }
}

function binary(why: string, cause?: unknown): SecretFailure {
  const next = 'An environment variable takes text only: store it in base64 and decode it in the cell.';
  return new SecretFailure('binary', `it is binary: it ${why}`, next, { cause });
}
