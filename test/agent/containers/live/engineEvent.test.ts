import assert from 'node:assert/strict';
import { readEvent } from '../../../../agent/containers/live/engineEvent';
import { TextLines } from '../../../../agent/text/textLines';

describe('events of an engine', () => {
  const event = (Type: string, Action: string, ID = 'x', Attributes: object = {}) =>
    JSON.stringify({ Type, Action, Actor: { ID, Attributes }, time: 12, timeNano: 12_500_000_000 });

  const cases: readonly (readonly [
    string,
    { kind: string; id?: string | undefined; state?: string | undefined } | undefined,
  ])[] = [
    [event('container', 'start'), { kind: 'container', id: 'x', state: 'up' }],
    [event('container', 'health_status: unhealthy'), { kind: 'container', id: 'x', state: undefined }],
    [event('container', 'rename'), { kind: 'container', id: 'x', state: undefined }],
    [event('container', 'exec_create: sh'), undefined],
    [event('container', 'exec_die'), undefined],
    [event('container', 'top'), undefined],
    [event('container', 'prune', ''), { kind: 'container', id: undefined }],
    [event('image', 'pull', 'busybox:1'), { kind: 'image', id: undefined }],
    [event('volume', 'create', 'data'), { kind: 'volume', id: 'data' }],
    [event('volume', 'mount', 'data'), undefined],
    [event('network', 'connect', 'n', { container: 'c' }), { kind: 'container', id: 'c' }],
    [event('network', 'destroy', 'n'), { kind: 'network', id: 'n' }],
    [event('daemon', 'reload'), undefined],
    ['{}', undefined],
    ['null', undefined],
    // Text of a label is not the event's own.
    [event('container', 'start', 'x', { l: '"Action":"exec_die"' }), { kind: 'container', id: 'x' }],
  ];
  for (const [line, wanted] of cases) {
    it(`are understood: ${line.slice(0, 70)}`, () => {
      const found = readEvent(line);
      if (wanted === undefined) return assert.equal(found, undefined);
      assert.equal(found?.time, 12_500);
      for (const [key, value] of Object.entries(wanted)) assert.equal(found[key as 'kind'], value, key);
    });
  }

  it('that are none are said to be none', () => {
    assert.throws(() => readEvent('<html>'), /no event: <html>/);
  });

  it('are put together however they are cut', () => {
    const text = `${event('container', 'größer\u{1F40B}')}\r\n\n${event('image', 'pull')}\n`;
    const bytes = Buffer.from(text);
    for (let size = 1; size < 40; size++) {
      const lines = new TextLines();
      const found: string[] = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...lines.read(bytes.subarray(at, at + size)));
      assert.deepEqual(
        found.map(line => line.trim()),
        text
          .split('\n')
          .map(line => line.trim())
          .filter(Boolean),
      );
    }
  });
});
