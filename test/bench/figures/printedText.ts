const messages = [
  'connection refused by upstream, will retry in 5 s',
  'deployment.apps/api configured',
  'rollout complete: 3 of 3 updated replicas are available',
  'warning: certificate expires in 12 days',
  'GET /health status 200 in 14 ms',
  'GET /orders status 503 in 3002 ms: timeout while waiting for database',
  'error: no such release: api-2',
  'pulling image registry.example.org/shop/api@sha256',
  'migration 0042_add_index applied',
  'volume mounted read-only, falling back to memory',
];

/** What a step may print: one to fourteen lines as of a log, some words rare and some in nearly all; no two alike. */
export function printedBy(step: number): string {
  let seed = step * 2_654_435_761 + 12_345;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  const lines = Array.from({ length: 1 + next(14) }, () => {
    const time = `2026-01-${10 + next(20)}T${10 + next(12)}:${10 + next(49)}:${10 + next(49)}Z`;
    return `${time} pod/web-${next(1_000_000).toString(36)} ${messages[next(messages.length)]} id=${step}`;
  });
  return `${lines.join('\n')}\n`;
}
