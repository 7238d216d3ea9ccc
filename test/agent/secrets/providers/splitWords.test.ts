import assert from 'node:assert/strict';
import { splitWords } from '../../../../agent/secrets/providers/splitWords';

describe('splitWords', () => {
  const check = (line: string, expected: string[] | undefined): unknown =>
    it(line, () => assert.deepEqual(splitWords(line), expected));

  check('pass show db/password', ['pass', 'show', 'db/password']);
  check('  a   b\tc  ', ['a', 'b', 'c']);
  check(`op read "op://vault/my db/password"`, ['op', 'read', 'op://vault/my db/password']);
  check(`a 'b c' d`, ['a', 'b c', 'd']);
  check(`a --x='b c'"d e"f`, ['a', '--x=b cd ef']);
  check(`a '' ""`, ['a', '', '']);
  check(`a b\\ c \\' \\\\`, ['a', 'b c', `'`, '\\']);
  check(`a "\\"\\$x\\n"`, ['a', '"$x\\n']);
  check(`a 'it\\s'`, ['a', 'it\\s']);
  check('echo $HOME | cat; $(x)', ['echo', '$HOME', '|', 'cat;', '$(x)']);
  check('', []);
  check(`a 'b`, undefined);
  check(`a "b`, undefined);
  check('a \\', undefined);
});
