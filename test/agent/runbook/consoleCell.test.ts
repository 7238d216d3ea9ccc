import assert from 'node:assert/strict';
import { readTranscript } from '../../../agent/runbook/consoleCell';

function check(fence: 'console' | 'shell', text: string, commands: string | undefined, output = ''): void {
  it(`${fence} ${JSON.stringify(text)}`, () => {
    const found = readTranscript(text.split('\n'), fence);
    assert.equal(found?.commands, commands);
    assert.equal(found?.output ?? '', output);
  });
}

describe('readTranscript', () => {
  check('console', '$ echo hi\nhi', 'echo hi\n', 'hi\n');
  check('console', '$ a\n1\n$ b\n2', 'a\nb\n', '1\n2\n');
  check('console', '# id\nroot', 'id\n', 'root\n');
  check('console', '# no prompt here\n$ id\n# shown', 'id\n', '# shown\n');
  check('console', 'kubectl get pods', undefined);
  check('console', '$ a \\\n  b\nout', 'a \\\n  b\n', 'out\n');
  check('console', '$ a \\\n> b\nout', 'a \\\nb\n', 'out\n');
  check('console', '$ cat <<E\n> x\n> E\nx', 'cat <<E\nx\nE\n', 'x\n');
  check('console', '$ cat <<E\n$ no prompt\nE\nx', 'cat <<E\n$ no prompt\nE\n', 'x\n');
  check('console', '$ npm test\n> pkg@1 test', 'npm test\n', '> pkg@1 test\n');
  check('console', "$ echo don't\nhm", "echo don't\n", 'hm\n');
  check('console', "$ echo 'a\nb'\na\nb", "echo 'a\nb'\n", 'a\nb\n');
  check('console', '$ a |\n  b\nout', 'a |\n  b\n', 'out\n');
  check('console', '$ a\n\n', 'a\n');
  check('shell', '$ echo hi\nhi', 'echo hi\n', 'hi\n');
  check('shell', '\n# first\n$ a\n# then\n$ b\nout', 'a\nb\n', 'out\n');
  check('shell', '# a comment\necho hi', undefined);
  check('shell', '$HOME/bin/x', undefined);
  check('shell', '$x = 1;', undefined);
  check('shell', 'cat <<E\n$ x\nE', undefined);
  check('shell', 'echo a\n$ b', undefined);
});
