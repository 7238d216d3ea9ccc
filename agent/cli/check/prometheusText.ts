import type { Checked } from './printChecks';

/** Metrics as https://prometheus.io/docs/instrumenting/exposition_formats/ has them. */
export function prometheusText(checked: readonly Checked[]): string {
  return [
    '# HELP handrail_check_up Whether a check is up (1), degraded too, or down (0). Without a value it cannot be told.',
    '# TYPE handrail_check_up gauge',
    ...checked.flatMap(each =>
      each.result.state === 'unknown' ? [] : line('up', each, each.result.state === 'down' ? 0 : 1),
    ),
    '# HELP handrail_check_degraded Whether a check is degraded.',
    '# TYPE handrail_check_degraded gauge',
    ...checked.map(each => line('degraded', each, each.result.state === 'degraded' ? 1 : 0)),
    '# HELP handrail_check_duration_seconds How long the check took.',
    '# TYPE handrail_check_duration_seconds gauge',
    ...checked.map(each => line('duration_seconds', each, each.result.ms / 1000)),
    '',
  ].join('\n');
}

function line(metric: string, { check: { name, type, group = '' } }: Checked, value: number): string {
  return `handrail_check_${metric}{name="${escaped(name)}",type="${type}",group="${escaped(group)}"} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
