import * as assert from 'node:assert/strict';
import { createJsonlPresenter } from '../../../agent/cli/present/jsonlPresenter';
import { RecordedRun } from './recordedRun';

type Event = Record<string, unknown> & { type: string };

function record(play: (run: RecordedRun) => void, names = ['one', 'two']): Event[] {
  const lines: string[] = [];
  play(
    new RecordedRun(
      createJsonlPresenter(line => void lines.push(line)),
      names,
    ),
  );
  for (const line of lines) assert.match(line, /^[^\n]+\n$/);
  return lines.map(line => JSON.parse(line) as Event);
}

describe('JSONL presenter', () => {
  it('numbers, dates and names every event', () => {
    const events = record(run => {
      run.begin(0).print(0, 'stdout', 'hi\n').end(0, { state: 'passed' });
      run.begin(1).end(1, { state: 'failed', exit: 7 }).finish('failed');
    });
    assert.deepEqual(
      events.map(({ type }) => type),
      [
        'run.started',
        'step.started',
        'step.output',
        'step.finished',
        'step.started',
        'step.finished',
        'run.finished',
      ],
    );
    events.forEach((event, at) => {
      assert.equal(event['v'], 1);
      assert.equal(event['seq'], at + 1);
      assert.equal(event['run'], '8f3a');
      assert.match(String(event['time']), /^2026-01-02T03:04:0\d\.\d{3}Z$/);
    });
    assert.equal((events[0]?.['plan'] as unknown[]).length, 2);
    const { state, exit, reason, ms, attempt } = events[5] as Event;
    assert.deepEqual(
      { state, exit, reason, ms, attempt },
      { state: 'failed', exit: 7, reason: 'exit', ms: 400, attempt: 1 },
    );
    assert.deepEqual([events[6]?.['state'], events[6]?.['exit']], ['failed', 1]);
  });

  it('tells what a step waits for, and whether it asks', () => {
    const events = record(run => {
      const asks = 'Restart api?';
      run.step(0, { message: 'waits for lock db' }).step(0, { message: 'waits for lock db' });
      run.step(0, { message: undefined, asks }).begin(0).end(0, { state: 'passed' });
    });
    const waiting = events.filter(({ type }) => type === 'step.waiting');
    assert.deepEqual(
      waiting.map(({ message, asks }) => [message, asks]),
      [
        ['waits for lock db', false],
        ['Restart api?', true],
      ],
    );
  });

  it('tells of steps that were never started', () => {
    const events = record(run => {
      run.step(0, { state: 'skipped', reason: 'guard' }).step(1, { state: 'not-run' }).finish('passed');
    });
    assert.deepEqual(
      events.map(({ type, state }) => [type, state]),
      [
        ['run.started', undefined],
        ['step.finished', 'skipped'],
        ['step.finished', 'not-run'],
        ['run.finished', 'passed'],
      ],
    );
  });

  it('gives text where it is UTF-8, also when characters are split over chunks, and bytes where it is not', () => {
    const euro = Buffer.from('€');
    const rows: [Uint8Array[], (string | Buffer)[]][] = [
      [[Buffer.from('plain')], ['plain']],
      [[euro.subarray(0, 1), euro.subarray(1, 2), euro.subarray(2)], ['€']],
      [
        [
          Buffer.concat([Buffer.from('a'), euro.subarray(0, 2)]),
          Buffer.concat([euro.subarray(2), Buffer.from('b')]),
        ],
        ['a', '€b'],
      ],
      [[Buffer.from([0xff, 0x00])], [Buffer.from([0xff, 0x00])]],
      [[Buffer.from([0x61, 0xe2, 0x82])], ['a', Buffer.from([0xe2, 0x82])]],
      [[Buffer.from([0xf0, 0x9f]), Buffer.from([0x98, 0x80])], ['😀']],
    ];
    for (const [chunks, expected] of rows) {
      const events = record(run => {
        run.begin(0);
        for (const chunk of chunks) run.print(0, 'stdout', chunk);
        run.end(0, { state: 'passed' });
      });
      const output = events.filter(({ type }) => type === 'step.output');
      assert.deepEqual(
        output.map(({ text, base64 }) => text ?? Buffer.from(String(base64), 'base64')),
        expected,
      );
      assert.equal(events.at(-1)?.type, 'step.finished');
    }
  });
});
