import { createFormTable, type FormTable } from './forms/formTable';
import { type SecretForm, secretForms } from './forms/secretForms';
import { createRedactingStream } from './redactingStream';
import type { Redactor } from './types';

/** A redactor that learns secrets as they are fetched. */
export interface LearningRedactor extends Redactor {
  /** A value that is too short to be masked is not: it has been refused before. */
  add(value: string): void;
}

/** Masks what was added, in every form in which programs print a value; streams opened before follow. */
export function createRedactor(): LearningRedactor {
  const byValue = new Map<string, readonly SecretForm[]>();
  let table: FormTable | undefined;
  const current = (): FormTable | undefined => {
    if (table === undefined && byValue.size > 0)
      table = createFormTable(distinct([...byValue.values()].flat()));
    return table;
  };
  return {
    get isEmpty() {
      return byValue.size === 0;
    },
    add(value) {
      if (byValue.has(value)) return;
      const forms = secretForms(value);
      if (forms.length === 0) return;
      byValue.set(value, forms);
      table = undefined;
    },
    text(text) {
      if (byValue.size === 0) return text;
      const bytes = Buffer.from(text);
      const stream = createRedactingStream(current);
      const parts = [stream.write(bytes), stream.end()];
      const masked = Buffer.concat(parts);
      return masked.equals(bytes) ? text : masked.toString();
    },
    stream: () => createRedactingStream(current),
  };
}

function distinct(forms: readonly SecretForm[]): SecretForm[] {
  const byBytes = new Map<string, SecretForm>();
  for (const form of forms) {
    const key = form.bytes.toString('latin1');
    if (byBytes.get(key)?.breaks !== true) byBytes.set(key, form);
  }
  return [...byBytes.values()];
}
