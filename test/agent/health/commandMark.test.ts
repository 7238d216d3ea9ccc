import * as assert from 'node:assert/strict';
import { commandMark, commandText } from '../../../agent/health/commandMark';
import { readHealthFile } from '../../../agent/health/format/readHealthFile';
import type { CheckSpec } from '../../../agent/health/checkSpec';

/** Each runs something else than all others. */
const commands: unknown[] = [
  'echo ; x',
  ['echo', '; x'],
  ['echo', ';', 'x'],
  ['echo ;', 'x'],
  ['echo ; x'],
  '["echo", "; x"]',
  ['["echo", "; x"]'],
  'the line "echo"',
  ['the line "echo"'],
  'echo  ; x',
  'echo \0; x',
  ['echo', '\0; x'],
  ['echo', '', 'x'],
  ['echo', 'x', ''],
];

describe('the command of a check', () => {
  it('has a mark and a text of its own for whatever else it could be', () => {
    const checks = commands.map(command => checkOf({ command }));
    assert.equal(new Set(checks.map(commandMark)).size, commands.length);
    assert.equal(new Set(checks.map(commandText)).size, commands.length);
  });

  it('has another mark with another environment, told of', () => {
    const of = (env: Record<string, string> | undefined) => {
      const command = { run: 'date', ...(env && { env }) };
      return { file: '/a/b.health.yaml', command };
    };
    const environments = [undefined, { A: 'b' }, { A: 'c' }, { A: 'b', C: 'd' }, { A: 'b" C="d' }];
    const all = environments.map(of);
    assert.equal(new Set(all.map(commandMark)).size, all.length);
    assert.equal(new Set(all.map(commandText)).size, all.length);
    assert.equal(commandMark(of({ A: '1', B: '2' })), commandMark(of({ B: '2', A: '1' })));
    const imitated = { file: '/a/b.health.yaml', command: { run: 'date, with A="b"' } };
    assert.notEqual(commandText(imitated), commandText(of({ A: 'b' })));
  });

  it('has another mark in another folder, and the same under another name', () => {
    const command = 'make check';
    assert.notEqual(commandMark(checkOf({ command }, '/a')), commandMark(checkOf({ command }, '/b')));
    assert.equal(commandMark(checkOf({ command, name: 'x' })), commandMark(checkOf({ command, name: 'y' })));
  });

  it('is none where a check runs nothing', () => {
    assert.equal(commandMark(checkOf({ type: 'file', path: 'x' })), undefined);
  });
});

function checkOf(entry: Readonly<Record<string, unknown>>, folder = '/a'): CheckSpec {
  const text = JSON.stringify({ checks: [{ name: 'a', type: 'command', ...entry }] });
  const { checks, problems } = readHealthFile(`${folder}/a.health.yaml`, text);
  assert.deepEqual(problems, []);
  return checks[0] ?? assert.fail('there is no check');
}
