import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFile, openLog } from '../../../agent/server/log';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('the log of the agent', () => {
  it('has one line an entry, and stacks with their causes', async () => {
    await using folder = await temporaryFolder('handrail-log');
    const log = openLog(folder.path);
    log.info('Something happened', { what: 'line\nbreak' });
    log.error('It went wrong', new Error('outer', { cause: new Error('inner') }), { run: 'a' });
    log.close();
    const [first, second, rest] = readFileSync(logFile(folder.path), 'utf8').split('\n');
    assert.match(first ?? '', /^\d{4}-\S+Z info  \[\d+\] Something happened \{"what":"line\\nbreak"\}$/);
    assert.match(
      second ?? '',
      /error \[\d+\] It went wrong \{"run":"a","error":"Error: outer.*caused by: Error: inner/,
    );
    assert.equal(rest, '');
  });

  it('begins a new file at 5 MB and keeps one old one', async () => {
    await using folder = await temporaryFolder('handrail-log');
    const log = openLog(folder.path);
    for (let i = 0; i < 120; i++) log.info('x'.repeat(100_000));
    log.close();
    assert.ok(statSync(logFile(folder.path)).size < 5_500_000);
    assert.ok(statSync(`${logFile(folder.path)}.1`).size < 5_500_000);
  });

  it('does without a file where it cannot have one', async () => {
    await using folder = await temporaryFolder('handrail-log');
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const log = openLog(file);
    log.info('Heard by whoever reads stderr');
    log.close();
  });
});
