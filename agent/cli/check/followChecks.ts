import type { CheckSpec } from '../../health/checkSpec';
import type { CheckStatus } from '../../health/checkStatus';
import { sayMilliseconds } from '../../health/conditions/values';
import { watchChecks } from '../../health/watchChecks';
import type { Call } from '../call';
import { exitCodes } from '../exitCodes';
import { plain } from '../terminal/words';
import { environmentOf } from '../environmentOf';
import { markOf, wordResult } from './printChecks';

/** Tells of each change of a check until interrupted. */
export function followChecks(call: Call, checks: readonly CheckSpec[]): Promise<number> {
  return new Promise(resolve => {
    const { stdout } = call.terminal;
    const entries = checks.map(check => ({ check }));
    const watch = watchChecks(entries, environmentOf(call.env), (check, status, before) => {
      if (status.state === before.state) return;
      const text = call.options.flag('json') ? asJson(check, status) : asText(check, status, before);
      void stdout.write(`${text}\n`);
    });
    const end = (code: number): void => {
      watch.close();
      resolve(code);
    };
    process.once('SIGINT', () => end(exitCodes.cancelled));
    process.once('SIGTERM', () => end(exitCodes.terminated));
    stdout.onGone(() => end(exitCodes.passed));
  });

  function asText(check: CheckSpec, status: CheckStatus, before: CheckStatus): string {
    const time = new Date(status.since).toTimeString().slice(0, 8);
    const was =
      before.state === 'pending'
        ? ''
        : `, was ${before.state} for ${sayMilliseconds(status.since - before.since)}`;
    const words = status.last === undefined ? '' : wordResult(check, status.last);
    const mark = markOf(status.state, call.terminal.stdout.paint);
    return `${time} ${mark} ${plain(check.name)} ${status.state}${was}  ${words}`;
  }
}

function asJson({ name, type }: CheckSpec, { state, since, last }: CheckStatus): string {
  const { ms, message, values } = last ?? {};
  return JSON.stringify({ time: new Date(since).toISOString(), name, type, state, ms, message, values });
}
