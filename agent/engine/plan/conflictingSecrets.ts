import { dirname, isAbsolute } from 'node:path';
import { FrontMatterPlaces } from '../../runbook/frontMatterPlaces';
import type { FiledDiagnostic } from '../../runbook/model';
import type { SecretReference } from '../../secrets/types';
import type { Book } from './book';

/** Secrets of one name that two runbooks of a plan keep in two places: cells of one would get that of the other. */
export function conflictingSecrets(books: readonly Book[]): FiledDiagnostic[] {
  const first = new Map<string, { place: string; file: string }>();
  return books.flatMap(book => {
    const places = new FrontMatterPlaces(book.runbook.source);
    const found = book.secrets.flatMap(secret => {
      const place = placeOf(secret, book);
      const before = first.get(secret.name);
      if (!before) first.set(secret.name, { place, file: book.file });
      if (!before || before.place === place) return [];
      const message = `\`${secret.name}\` is another secret in ${before.file}`;
      const hint = 'Call one of them otherwise.';
      return [places.error(['secrets', secret.name], { code: 'conflicting-secret', message, hint })];
    });
    return book.filed(found);
  });
}

/** A file is relative to its runbook. */
function placeOf({ provider, place }: SecretReference, { file }: Book): string {
  return JSON.stringify([provider, place, provider === 'file' && !isAbsolute(place) ? dirname(file) : '']);
}
