import * as z from 'zod';
import { apiAnswer } from './apiAnswer';
import { checkType, ProbeFailure } from './checkType';
import { sayUrl, WebOptions } from './webRequest';

const Options = z.strictObject({
  ...WebOptions,
  /** PromQL. */
  query: z.string().min(1),
});

const Point = z.tuple([z.number(), z.string()]);

/** https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
const Answer = z.union([
  z.object({ status: z.literal('error'), error: z.string() }),
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('scalar'), result: Point }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: Point })),
      }),
    ]),
  }),
]);

/** What Prometheus, or what speaks as it does, says to a query. */
export const prometheus = checkType({
  name: 'prometheus',
  about: 'what Prometheus says to a query (PromQL)',
  options: Options,
  values: {
    value: ['double', 'the value, where there is exactly one', 'the query gave none, or several'],
    count: ['int', 'how many there are'],
    samples: ['list', 'all of them: `labels` and `value`'],
  },
  up: 'count > 0',
  subject: ({ url, query }) => `${query} at ${sayUrl(url)}`,
  async probe({ query, ...given }, world) {
    const path = `api/v1/query?${new URLSearchParams({ query }).toString()}`;
    const answer = await apiAnswer(given, path, Answer, world);
    if (answer.status === 'error') throw new ProbeFailure(`${sayUrl(given.url)}: ${answer.error}`);
    const samples = samplesOf(answer.data);
    const [only] = samples;
    return {
      ...(samples.length === 1 && { value: only?.value }),
      count: BigInt(samples.length),
      samples,
    };
  },
});

type Data = Extract<z.output<typeof Answer>, { status: 'success' }>['data'];

function samplesOf(data: Data): { labels: Record<string, string>; value: number }[] {
  if (data.resultType === 'scalar') return [{ labels: {}, value: numberOf(data.result[1]) }];
  return data.result.map(({ metric, value }) => ({ labels: metric, value: numberOf(value[1]) }));
}

/** `+Inf`, `-Inf` and `NaN` are written so. */
function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
