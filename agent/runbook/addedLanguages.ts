import type { AddedLanguages } from './languages';

/** Tags that the front matter's `languages` add. */
export function addedLanguages(values: Readonly<Record<string, unknown>> | undefined): AddedLanguages {
  const added = values?.languages;
  if (typeof added !== 'object' || added === null) return {};
  return Object.fromEntries(
    Object.entries(added).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
