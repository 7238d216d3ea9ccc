import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handrailFolders } from '../../agent/folders';
import { openHistory } from '../../agent/openHistory';
import { thisHost } from '../../agent/store/hostProcess';
import { temporaryFolder } from '../support/temporaryFolder';
import { sampleRun } from './store/sampleRun';

describe('the history as the configuration asks for it', () => {
  it('keeps so many runs, and copies the audit log', async () => {
    await using home = await temporaryFolder('handrail-configured');
    const folders = handrailFolders({ HANDRAIL_HOME: home.path });
    mkdirSync(folders.config, { recursive: true });
    writeFileSync(join(folders.config, 'config.yaml'), 'retention: {runs: 1}\naudit: {copy: copy.jsonl}\n');
    const store = openHistory(folders);
    for (const id of ['01', '02', '03']) store.create(sampleRun(id, 1, { state: 'passed' }), thisHost());
    store.audit.append({ action: 'run.started', actor: 'ana', subject: 'x', details: {} });
    store.close();
    assert.match(readFileSync(join(folders.config, 'copy.jsonl'), 'utf8'), /^\{.*"run\.started".*\}\n$/);
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(join(folders.data, 'history.db'));
    db.exec('DELETE FROM notes');
    db.close();
    const later = openHistory(folders);
    assert.deepEqual(
      later.list({ limit: 9 }).runs.map(({ id }) => id),
      ['03'],
    );
    later.close();
  });
});
