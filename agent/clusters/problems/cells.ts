import type { Known } from './healthOf';

/** What was printed of an object in a column, as text. */
export function cell({ columns, cells }: Pick<Known, 'columns' | 'cells'>, name: string): string {
  const value = cells[columns.findIndex(column => column.name === name)];
  return value === undefined || value === null ? '' : String(value);
}

/** `2/3` as two numbers. */
export function ratio(text: string): readonly [number, number] | undefined {
  const [, part, whole] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  return part === undefined ? undefined : [Number(part), Number(whole)];
}

/** https://kubernetes.io/docs/reference/kubernetes-api/ has them in each `status`. */
export interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export function condition(known: Pick<Known, 'object'>, type: string): Condition | undefined {
  const conditions = known.object?.status?.['conditions'] as readonly Condition[] | undefined;
  return conditions?.find(each => each.type === type);
}

/** When a condition came to be as it is, for a problem. */
export function sinceOf({ lastTransitionTime }: Condition): { since?: number } {
  const since = Date.parse(lastTransitionTime ?? '');
  return Number.isFinite(since) ? { since } : {};
}
