import type { Stats } from '../../../agent/protocol/containers';

/** How a container used its machine over the last minute or so. */
export interface Usage {
  readonly latest: Stats;
  /** Oldest first. Per cent of one core. */
  readonly cpu: readonly number[];
  /** Bytes. */
  readonly memory: readonly number[];
  /** Bytes a second. */
  readonly network: readonly number[];
  /** Bytes a second, read and written. */
  readonly disk: readonly number[];
}

const mostSamples = 60;

/** The last samples of each container, bounded: of containers that are looked at no more they go. */
export class StatsHistory {
  readonly #samples = new Map<string, Stats[]>();

  take(endpoint: string, stats: readonly Stats[]): void {
    for (const sample of stats) {
      const key = keyOf(endpoint, sample.id);
      const samples = this.#samples.get(key) ?? [];
      const last = samples.at(-1);
      // A restarted container counts from zero, and its clock may not go back.
      if (last !== undefined && last.time >= sample.time) continue;
      samples.push(sample);
      if (samples.length > mostSamples) samples.shift();
      this.#samples.set(key, samples);
    }
  }

  latest(endpoint: string, id: string): Stats | undefined {
    return this.#samples.get(keyOf(endpoint, id))?.at(-1);
  }

  usage(endpoint: string, id: string): Usage | undefined {
    const samples = this.#samples.get(keyOf(endpoint, id)) ?? [];
    const latest = samples.at(-1);
    if (latest === undefined) return undefined;
    return {
      latest,
      cpu: samples.map(({ cpu }) => cpu),
      memory: samples.map(({ memory }) => memory),
      network: rates(samples, ({ received, sent }) => received + sent),
      disk: rates(samples, ({ read, written }) => read + written),
    };
  }

  /** Forgets all containers of an engine but these. */
  keepOnly(endpoint: string, ids: readonly string[]): void {
    const kept = new Set(ids.map(id => keyOf(endpoint, id)));
    const prefix = keyOf(endpoint, '');
    for (const key of [...this.#samples.keys()]) {
      if (key.startsWith(prefix) && !kept.has(key)) this.#samples.delete(key);
    }
  }
}

function rates(samples: readonly Stats[], total: (sample: Stats) => number): number[] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index] ?? sample;
    const seconds = (sample.time - before.time) / 1000;
    return seconds <= 0 ? 0 : Math.max(0, (total(sample) - total(before)) / seconds);
  });
}

function keyOf(endpoint: string, id: string): string {
  return `${endpoint}\n${id}`;
}
