import * as assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HandrailError } from '../../../agent/protocol/errors';
import { reportRun } from '../../../agent/protocol/history';
import { startRun } from '../../../agent/protocol/runs';
import { aRun, startScriptedAgent } from '../../support/scriptedAgent';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('a request for a report', () => {
  it('writes the file as a whole and tells its length', async () => {
    await using agent = await startScriptedAgent();
    await using folder = await temporaryFolder('report');
    const connection = await agent.connect();
    const { run } = await connection.request(startRun, aRun(2));
    const path = join(folder.path, 'run.html');
    const { bytes } = await connection.request(reportRun, { run: run.id, format: 'html', path });
    const text = await readFile(path, 'utf8');
    assert.equal(bytes, Buffer.byteLength(text));
    assert.match(text, /^<!doctype html>/);
    assert.deepEqual(await readdir(folder.path), ['run.html']);
    connection.dispose();
  });

  it('says why a file cannot be written, and leaves nothing', async () => {
    await using agent = await startScriptedAgent();
    await using folder = await temporaryFolder('report');
    const connection = await agent.connect();
    const { run } = await connection.request(startRun, aRun(1));
    const path = join(folder.path, 'not', 'there.md');
    await assert.rejects(connection.request(reportRun, { run: run.id, format: 'markdown', path }), error => {
      assert.ok(error instanceof HandrailError);
      assert.equal(error.code, 'store');
      assert.match(error.message, /the folder .*not is not there/);
      return true;
    });
    assert.deepEqual(await readdir(folder.path), []);
    connection.dispose();
  });
});
