import { PerformanceObserver, constants } from 'node:perf_hooks';
import { collectRead } from '../../../../agent/executors/process/collectRead';
import { until } from '../harness';

describe('what was read from processes', () => {
  it('is collected after every 8 MiB, however little else is made', async () => {
    let minor = 0;
    const observer = new PerformanceObserver(list => {
      for (const entry of list.getEntries())
        if (
          (entry as unknown as { detail: { kind: number } }).detail.kind ===
          constants.NODE_PERFORMANCE_GC_MINOR
        )
          minor += 1;
    });
    observer.observe({ entryTypes: ['gc'] });
    for (let chunk = 0; chunk < 128 * 4; chunk++) collectRead(64 << 10);
    await until(() => minor >= 4);
    observer.disconnect();
  });
});
