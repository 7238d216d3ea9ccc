import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { createRedactor } from '../../../agent/secrets/createRedactor';
import { findOnPath } from '../../support/command';

/** How each shell prints the variable `X` so that it could be read again. */
const printers: readonly (readonly [shell: string, script: string])[] = [
  ['bash', 'printf "%q\\n" "$X"'],
  ['bash', 'declare -p X'],
  ['bash', 'echo "${X@Q}"'],
  ['bash', 'set -x; : "$X"'],
  ['dash', 'export -p | grep -A20 "X="'],
  ['zsh', 'printf "%q\\n" "$X"'],
  ['zsh', 'typeset -p X'],
  ['zsh', 'set -x; : "$X"'],
];

describe('what a shell quotes', () => {
  for (const [shell, script] of printers) {
    for (const locale of ['C', 'C.UTF-8']) {
      it(`is masked: ${shell} -c '${script}' in ${locale}`, async function () {
        if ((await findOnPath(shell)) === undefined) this.skip();
        const character = fc.constantFrom(...'abXY09 \'"\\$`!#~=:;&|<>(){}[]*?^,%@+-./\n\t\x1b', 'é', '€');
        // Letters at both ends stand for what must not be read; what is between is what shells quote.
        const value = fc.string({ unit: character, minLength: 2, maxLength: 12 }).map(text => `Q7${text}7Q`);
        fc.assert(
          fc.property(value, text => {
            const printed = execFileSync(shell, ['-c', `exec 2>&1; ${script}`], {
              env: { X: text, LC_ALL: locale, PATH: process.env['PATH'] },
              encoding: 'latin1',
              stdio: ['ignore', 'pipe', 'pipe'],
            });
            const redactor = createRedactor();
            redactor.add(text);
            const stream = redactor.stream();
            const bytes = Buffer.from(printed, 'latin1');
            const masked = Buffer.concat([stream.write(bytes), stream.end()]).toString();
            assert(!/Q7|7Q/.test(masked), masked);
          }),
          { numRuns: 25 },
        );
      });
    }
  }
});
