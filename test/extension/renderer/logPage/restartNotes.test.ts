import assert from 'node:assert/strict';
import type { LogLine, LogSource } from '../../../../agent/protocol/logs';
import { RestartNotes } from '../../../../extension/renderer/logPage/restartNotes';

describe('where a source of a log was started again', () => {
  const at = (second: number, fraction = ''): string => `2026-01-02T03:04:0${second}${fraction}Z`;
  const source = (index: number, startedAt?: string): LogSource => ({
    ...{ index, name: 'api', state: 'following' },
    ...(startedAt !== undefined && { startedAt }),
  });
  const line = (index: number, time: string): LogLine => [index, time, false, 'text'];

  it('stands before the first line of that start, once', () => {
    const notes = new RestartNotes();
    notes.take([source(0, at(1)), source(1)]);
    assert.deepEqual(notes.before(line(0, at(2))), []);
    notes.take([source(0, at(5, '.5')), source(1)]);
    assert.deepEqual(notes.before(line(0, at(4))), [], 'a line from before');
    assert.deepEqual(notes.before(line(1, at(6))), [], 'of another source');
    assert.deepEqual(notes.before(line(0, at(5, '.600000001'))), [[0, at(5, '.5'), false, 'started again']]);
    assert.deepEqual(notes.before(line(0, at(6))), []);
  });
});
