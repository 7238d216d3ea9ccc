import assert from 'node:assert/strict';
import { runbookName } from '../../../agent/runbook/runbookName';

const names: [file: string, name: string][] = [
  ['/srv/docs/restart-api.md', 'restart-api'],
  ['onboarding.runbook.md', 'onboarding'],
  ['C:\\docs\\Restart API.MD', 'Restart API'],
  ['notes.markdown', 'notes'],
  ['README', 'README'],
];

describe('the name of a runbook', () => {
  for (const [file, name] of names) it(`${file} → ${name}`, () => assert.equal(runbookName(file), name));
});
