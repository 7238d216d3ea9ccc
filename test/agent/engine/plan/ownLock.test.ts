import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { cells, sampleRequest } from '../sampleRequest';
import { refusal } from './refusal';

describe('a lock that the run itself holds', () => {
  it('is a mistake where a later cell would wait for it for ever', () => {
    const text = cells({ 'srv background lock=db': 'serve', 'use lock=db': 'psql' });
    assert.match(
      refusal(sampleRequest(text), 'invalidRunbook').message,
      /`use` waits for the lock db, which `srv` holds/,
    );
  });

  it('is none where it is given back before, or another one', () => {
    for (const heads of [
      ['a lock=db', 'b lock=db'],
      ['a background lock=db', 'b lock=web'],
      ['a lock=db', 'b background lock=db'],
    ])
      planRun(sampleRequest(cells(Object.fromEntries(heads.map(head => [head, 'true'])))));
  });
});
