import type { EngineRow, ImageRow, NetworkRow, VolumeRow } from '../../../agent/protocol/containers';
import { ageText, sizeText } from './measures';

/** An id as the `docker` program prints it. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

export function imageName({ tags, id }: Pick<ImageRow, 'tags' | 'id'>): string {
  return tags[0] ?? shortId(id);
}

/** What a person calls a thing of an engine. */
export function objectName(row: EngineRow): string {
  switch (row.kind) {
    case 'image':
      return imageName(row);
    case 'volume':
      return row.id;
    default:
      return row.name;
  }
}

/** Many builders leave the time out, so that the same sources give the same image: it is the year 1, or 1970. */
export function isDated({ createdAt }: Pick<ImageRow, 'createdAt'>): boolean {
  return createdAt > 0;
}

/** `142 MiB · 21 days old · used by 2`. */
export function imageDescription(row: ImageRow, now: number): string {
  return [
    ...(row.tags.length === 0 ? ['dangling'] : []),
    sizeText(row.size),
    ...(isDated(row) ? [`${ageText(now - row.createdAt)} old`] : []),
    usedText(row.usedBy),
    ...(row.tags.length > 1 ? [`also ${otherNames(row.tags.slice(1))}`] : []),
  ].join(' · ');
}

function otherNames(names: readonly string[]): string {
  const [first = '', ...more] = names;
  return more.length === 0 ? first : `${first} and ${String(more.length)} more`;
}

/** `local · used by 1`. */
export function volumeDescription({ driver, project, usedBy }: VolumeRow): string {
  return [...(project === undefined ? [] : [project]), driver, usedText(usedBy)].join(' · ');
}

/** `bridge · 172.18.0.0/16 · used by 3`. */
export function networkDescription({ driver, subnets, usedBy, project }: NetworkRow): string {
  const [subnet] = subnets;
  return [
    ...(project === undefined ? [] : [project]),
    driver,
    ...(subnet === undefined ? [] : [subnet]),
    usedText(usedBy),
  ].join(' · ');
}

function usedText({ length }: readonly string[]): string {
  return length === 0 ? 'unused' : `used by ${String(length)}`;
}
