import { spans, summedStates, type ResultRecord, type SummedState } from './resultRecord';
import { Sketch } from './sketch';

/** What came of a check within a minute, an hour or a day. */
export interface Sum {
  readonly id: string;
  readonly span: number;
  readonly at: number;
  count: number;
  /** Milliseconds in each state. */
  readonly stood: Record<SummedState, number>;
  readonly sketch: Sketch;
}

/** Sums results up by check, span and moment, so that each row is written once for many of them. */
export function sumUp(records: readonly ResultRecord[]): Sum[] {
  const sums = new Map<string, Sum>();
  const sumOf = (id: string, span: number, moment: number): Sum => {
    const at = Math.floor(moment / span) * span;
    const key = `${String(span)} ${String(at)} ${id}`;
    const sum = sums.get(key) ?? { id, span, at, count: 0, stood: nothing(), sketch: new Sketch() };
    sums.set(key, sum);
    return sum;
  };
  for (const { id, at, state, ms, stood } of records) {
    for (const { span } of spans) {
      const sum = sumOf(id, span, at);
      sum.count += 1;
      if (state === 'up' || state === 'degraded') sum.sketch.add(ms);
      if (stood === undefined) continue;
      for (const piece of pieces(at - stood.for, at, span)) {
        sumOf(id, span, piece.from).stood[stood.as] += piece.to - piece.from;
      }
    }
  }
  return [...sums.values()];
}

function nothing(): Record<SummedState, number> {
  return Object.fromEntries(summedStates.map(state => [state, 0])) as Record<SummedState, number>;
}

function* pieces(from: number, to: number, span: number): Generator<{ from: number; to: number }> {
  for (let at = from; at < to;) {
    const end = Math.min(to, (Math.floor(at / span) + 1) * span);
    yield { from: at, to: end };
    at = end;
  }
}
