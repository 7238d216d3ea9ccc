import { resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { UsageError, type Call } from '../call';
import { readNamedFile } from '../readNamedFile';
import { wordUnreadable } from '../wordUnreadable';

/**
 * What `--input` gives, by name: `k=v`, `k=@file` (without its last line end), `k=@-` (standard input), `k=@@v` for a
 * value that begins with `@`. `isRead`: standard input is the runbook already.
 */
export async function inputOptions({ options, cwd }: Call, isRead: boolean): Promise<Record<string, string>> {
  // Any name may be given, `__proto__` too.
  const values = Object.create(null) as Record<string, string>;
  let piped: string | undefined;
  for (const given of options.all('input')) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`--input ${given} has no value. Say for example --input ${given}=VALUE`);
    }
    if (value === '@-' && isRead) {
      throw new UsageError(`--input ${name}=@- cannot be read: standard input is the runbook`);
    }
    if (value === '@-') values[name] = piped ??= withoutLineEnd(await textOf(process.stdin));
    else if (value.startsWith('@@')) values[name] = value.slice(1);
    else values[name] = value.startsWith('@') ? readValue(name, value.slice(1), cwd) : value;
  }
  return values;
}

function readValue(name: string, path: string, cwd: string): string {
  try {
    return withoutLineEnd(readNamedFile(resolve(cwd, path)).toString());
  } catch (error) {
    throw new UsageError(`--input ${name}=@${path} cannot be read: ${wordUnreadable(path, error)}`, {
      cause: error,
    });
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
