import * as z from 'zod';
import { celDuration } from '../conditions/values';
import { apiAnswer } from './apiAnswer';
import { checkType } from './checkType';
import { sayUrl, WebOptions } from './webRequest';

const Options = z.strictObject({
  ...WebOptions,
  /** Only alerts with these: `severity="critical"`, `team=~"shop|web"`. */
  matchers: z.array(z.string()).default([]),
});

const Labels = z.record(z.string(), z.string());

/** https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
const Answer = z.array(
  z.object({ labels: Labels, annotations: Labels, startsAt: z.iso.datetime({ offset: true }) }),
);

/** Alerts that fire and are not silenced. */
export const alertmanager = checkType({
  name: 'alertmanager',
  about: 'alerts that fire in Alertmanager and are neither silenced nor inhibited',
  options: Options,
  values: {
    count: ['int', 'how many there are'],
    names: ['list', 'their names, each once'],
    alerts: ['list', 'all of them: `name`, `labels`, `summary`, `runbook`, `since`'],
  },
  up: 'count == 0',
  subject: ({ url }) => sayUrl(url),
  async probe({ matchers, ...given }, world) {
    const query = new URLSearchParams({
      active: 'true',
      silenced: 'false',
      inhibited: 'false',
      unprocessed: 'false',
    });
    for (const matcher of matchers) query.append('filter', matcher);
    const found = await apiAnswer(given, `api/v2/alerts?${query.toString()}`, Answer, world);
    const alerts = found.map(({ labels, annotations, startsAt }) => ({
      name: labels['alertname'] ?? '',
      labels,
      summary: annotations['summary'] ?? annotations['description'] ?? '',
      runbook: annotations['runbook_url'] ?? '',
      since: celDuration(Date.now() - Date.parse(startsAt)),
    }));
    return { count: BigInt(alerts.length), names: [...new Set(alerts.map(({ name }) => name))], alerts };
  },
});
