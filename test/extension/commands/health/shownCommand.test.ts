import * as assert from 'node:assert/strict';
import { commandsPage, shownCommand } from '../../../../extension/commands/health/shownCommand';

describe('a command before it is allowed', () => {
  const rows: [string, string][] = [
    ['touch ran', 'touch ran'],
    ['["echo", "; x"]', '["echo", "; x"]'],
    ['a\nb', 'a ↵ b'],
    [`true${' '.repeat(200)}; rm x`, 'true ⟨200 blanks⟩ ; rm x'],
    ['a  b', 'a  b'],
    ['echo \u202Etxt', 'echo \\u{202e}txt'],
    ['echo\u00A0x\u200Bz\t', 'echo\\u{a0}x\\u{200b}z\\u{9}'],
    ['\u001B[2Kx', '\\u{1b}[2Kx'],
    ['größe — ☃ 日本', 'größe — ☃ 日本'],
  ];
  for (const [text, line] of rows) {
    it(`reads ${line}`, () => assert.deepEqual(shownCommand(text), { line, isWhole: true }));
  }

  it('is cut where it is long, and says so', () => {
    const { line, isWhole } = shownCommand(`echo ${'x'.repeat(500)}`);
    assert.ok(!isWhole && line.endsWith('x… (505 characters)') && line.length < 200);
  });

  it('stands on a page as it is, whatever it has in it', () => {
    const page = commandsPage([{ name: 'a', text: 'x\n````\n[y](command:z)\n\u202E' }]);
    assert.equal(
      page,
      '# Commands of checks\n\n```text\na\n```\n\n`````text\nx\n````\n[y](command:z)\n\\u{202e}\n`````\n',
    );
  });
});
