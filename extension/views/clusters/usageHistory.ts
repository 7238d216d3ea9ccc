import type { readMetrics, Usage } from '../../../agent/protocol/clusterObjects';
import type { ResultOf } from '../../../agent/protocol/message';
import { curve } from '../containers/sparkline';
import { sizeText } from '../containers/measures';

/** A pod or a node. */
export interface UsedThing {
  readonly namespace?: string | undefined;
  readonly name: string;
}

type Sample = ResultOf<typeof readMetrics>['items'][number];

/** Samples of one thing: fifteen minutes where one is taken each 15 seconds. */
const mostSamples = 60;
/** Things of one table that have more than their last sample. */
const mostThings = 1000;

interface Taken {
  at: number;
  readonly samples: Usage[];
}

/** The last samples of pods and nodes, by table; of what is measured no more they go. */
export class UsageHistory {
  readonly #tables = new Map<string, Map<string, Taken>>();

  /** Takes what was told of a table; whether any of it is new. */
  take(table: string, items: readonly Sample[]): boolean {
    const before = this.#tables.get(table) ?? new Map<string, Taken>();
    const now = new Map<string, Taken>();
    let isNew = before.size !== items.length;
    for (const item of items) {
      const key = keyOf(item);
      const known = before.get(key) ?? { at: 0, samples: [] };
      if (item.at > known.at) {
        isNew = true;
        known.at = item.at;
        if (known.samples.push(item.usage) > (now.size < mostThings ? mostSamples : 1)) known.samples.shift();
      }
      now.set(key, known);
    }
    this.#tables.set(table, now);
    return isNew;
  }

  /** Oldest first; undefined where there is none. */
  of(table: string, thing: UsedThing): readonly Usage[] | undefined {
    return this.#tables.get(table)?.get(keyOf(thing))?.samples;
  }

  forget(table: string): void {
    this.#tables.delete(table);
  }
}

/** `12m · 34 MiB`: thousandths of a core, as kubectl counts them. */
export function usageText({ cpu, memory }: Usage): string {
  return `${cpuText(cpu)} · ${sizeText(memory)}`;
}

/** As Markdown, with curves. */
export function usageTable(samples: readonly Usage[]): string {
  const latest = samples.at(-1);
  if (latest === undefined) return '';
  return [
    '| | | |',
    '|:--|:--|:--|',
    `| CPU | ${cpuText(latest.cpu)} | ${curve(
      'CPU',
      samples.map(({ cpu }) => cpu),
    )} |`,
    `| memory | ${sizeText(latest.memory)} | ${curve(
      'memory',
      samples.map(({ memory }) => memory),
    )} |`,
  ].join('\n');
}

function cpuText(cpu: number): string {
  return cpu >= 10_000 ? `${(cpu / 1000).toFixed(1)} cores` : `${String(Math.round(cpu))}m`;
}

function keyOf({ namespace, name }: UsedThing): string {
  return `${namespace ?? ''}/${name}`;
}
