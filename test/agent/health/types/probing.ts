import * as assert from 'node:assert/strict';
import { readHealthFile } from '../../../../agent/health/format/readHealthFile';
import { probeOnce } from '../../../../agent/health/probeOnce';
import type { CheckResult } from '../../../../agent/health/checkSpec';

const { PATH = '' } = process.env;

/**
 * Looks once at a check that is given as its file would have it; `folder` is where the file would lie, `env` what
 * whoever watches has beside PATH.
 */
export function probe(
  entry: Readonly<Record<string, unknown>>,
  folder = '/',
  env: Readonly<Record<string, string>> = {},
): Promise<CheckResult> {
  const text = JSON.stringify({ checks: [{ name: 'a', timeout: '20s', ...entry }] });
  const { checks, problems } = readHealthFile(`${folder}/a.health.yaml`, text);
  assert.deepEqual(problems, []);
  const [check] = checks;
  assert.ok(check !== undefined);
  // As on a person's machine: root's programs are found, too.
  return probeOnce(check, { PATH: `${PATH}:/usr/sbin:/sbin`, ...env }, new AbortController().signal);
}
