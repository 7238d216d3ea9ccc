import type { Stats } from '../../protocol/containers';

/** https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Container/operation/ContainerStats */
interface SentStats {
  readonly read?: string;
  readonly cpu_stats?: SentCpu;
  readonly precpu_stats?: SentCpu;
  readonly memory_stats?: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: { readonly inactive_file?: number; readonly total_inactive_file?: number };
  };
  readonly networks?: Readonly<
    Record<string, { readonly rx_bytes?: number; readonly tx_bytes?: number }>
  > | null;
  readonly blkio_stats?: {
    readonly io_service_bytes_recursive?: readonly { readonly op?: string; readonly value?: number }[] | null;
  };
}

interface SentCpu {
  readonly cpu_usage?: { readonly total_usage?: number; readonly percpu_usage?: readonly number[] | null };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

/** What a line of an engine's statistics says, computed as `docker stats` does. */
export function readStats(id: string, line: string): Stats {
  const sent = JSON.parse(line) as SentStats;
  const networks = Object.values(sent.networks ?? {});
  const { usage = 0, limit = 0, stats = {} } = sent.memory_stats ?? {};
  // Of the page cache what can be given back at any time is not in use.
  const idle = stats.total_inactive_file ?? stats.inactive_file ?? 0;
  const time = Date.parse(sent.read ?? '');
  return {
    id,
    time: Number.isNaN(time) ? Date.now() : time,
    cpu: cpuOf(sent.cpu_stats, sent.precpu_stats),
    memory: Math.max(0, usage - idle),
    memoryLimit: limit,
    received: networks.reduce((sum, { rx_bytes = 0 }) => sum + rx_bytes, 0),
    sent: networks.reduce((sum, { tx_bytes = 0 }) => sum + tx_bytes, 0),
    read: moved(sent, 'read'),
    written: moved(sent, 'write'),
  };
}

/** Per cent of one core. */
function cpuOf(now: SentCpu | undefined, before: SentCpu | undefined): number {
  const used = (now?.cpu_usage?.total_usage ?? 0) - (before?.cpu_usage?.total_usage ?? 0);
  const all = (now?.system_cpu_usage ?? 0) - (before?.system_cpu_usage ?? 0);
  const cores = now?.online_cpus ?? now?.cpu_usage?.percpu_usage?.length ?? 1;
  return used > 0 && all > 0 && before?.system_cpu_usage ? (used / all) * cores * 100 : 0;
}

function moved({ blkio_stats }: SentStats, op: string): number {
  const entries = blkio_stats?.io_service_bytes_recursive ?? [];
  return entries.reduce((sum, each) => (each.op?.toLowerCase() === op ? sum + (each.value ?? 0) : sum), 0);
}
