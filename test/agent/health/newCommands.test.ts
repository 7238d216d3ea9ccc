import * as assert from 'node:assert/strict';
import { newCommandsOf } from '../../../agent/health/newCommands';

const file = '/w/a.health.yaml';
const check = (name: string, command: string) => `  - {name: ${name}, type: command, command: ${command}}\n`;
const pulled = `checks:\n${check('a', 'touch pulled')}`;

describe('the commands that an edit has brought', () => {
  const rows: [what: string, before: string, after: string, commands: string[], isKnown?: boolean][] = [
    ['are those of a new file', '', pulled, ['touch pulled']],
    ['are not those that were there', pulled, pulled, []],
    ['are not those of a check that got another name', pulled, pulled.replace('name: a', 'name: b'), []],
    ['are those of a check beside others', pulled, pulled + check('b', 'touch mine'), ['touch mine']],
    ['are those that were changed', pulled, pulled.replace('pulled', 'mine'), ['touch mine']],
    ['are not known where the text before is no YAML', 'checks: "', pulled, [], false],
    [
      'are not known where a check before could not be read',
      pulled.replace('type: command', 'type: command, nope: 1'),
      pulled,
      [],
      false,
    ],
    ['are none of a text that cannot be read', pulled, 'checks: "', []],
  ];
  for (const [what, before, after, wanted, known = true] of rows) {
    it(what, () => {
      const { commands, isKnown } = newCommandsOf(file, before, after);
      assert.deepEqual([commands.map(({ text }) => text), isKnown], [wanted, known]);
    });
  }
});
