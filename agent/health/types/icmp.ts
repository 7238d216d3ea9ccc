import * as z from 'zod';
import { celDuration } from '../conditions/values';
import { checkType, ProbeFailure } from './checkType';
import { runProgram } from './runProgram';

const Options = z.strictObject({
  host: z
    .string()
    .min(1)
    .refine(host => !host.startsWith('-'), { message: 'a host does not begin with -' }),
  /** How many are sent. */
  count: z.number().int().min(1).max(20).default(3),
});

/** Whether a host answers pings. The system's own `ping` sends them, which may do so without root. */
export const icmp = checkType({
  name: 'icmp',
  about: 'whether a host answers pings',
  options: Options,
  values: {
    received: ['int', 'how many were answered'],
    loss: ['double', 'the part that was not, 0 to 1'],
    average: ['duration', 'from ping to answer'],
  },
  up: 'received > 0',
  subject: ({ host }) => host,
  async probe({ host, count }, { signal, env, folder }) {
    const args = ['ping', '-n', '-c', String(count), '-i', '0.2', host];
    const result = await runProgram(args, { env: { ...env, LC_ALL: 'C' }, cwd: folder, signal });
    const [, sent, received] =
      /(\d+) packets transmitted, (\d+)(?: packets)? received/.exec(result.stdout) ?? [];
    if (sent === undefined || received === undefined) throw failure(host, result.stderr);
    const [, average = '0'] = /= [\d.]+\/([\d.]+)\//.exec(result.stdout) ?? [];
    return {
      received: BigInt(received),
      loss: 1 - Number(received) / Number(sent),
      average: celDuration(Number(average)),
    };
  },
});

function failure(host: string, stderr: string): ProbeFailure {
  const said = stderr.trim().replace(/^ping: /, '');
  const isOurs = /unreachable|not permitted|temporary failure/i.test(said);
  return new ProbeFailure(`${host}: ${said || 'ping printed nothing'}`, { unknown: isOurs });
}
