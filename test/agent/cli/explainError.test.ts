import assert from 'node:assert/strict';
import { explainError } from '../../../agent/cli/explainError';
import { HandrailError } from '../../../agent/protocol/errors';

describe('explainError', () => {
  const several = 'More than one run begins with 8f: 8f1, 8f2';
  const cases: readonly (readonly [message: string, details: HandrailError['details'], said: RegExp])[] = [
    ['x', { run: 'last' }, /there is no run yet/],
    ['x', { run: '8f' }, /there is no run 8f/],
    [several, { run: '8f', matches: ['8f1', '8f2'] }, /More than one run begins with 8f: 8f1, 8f2/],
  ];
  for (const [message, details, said] of cases) {
    it(`says ${said.source}`, () => assertSaid(new HandrailError('notFound', message, details), said));
  }
});

function assertSaid(error: HandrailError, said: RegExp): void {
  assert.match(JSON.stringify(explainError(error, { verbose: false, cwd: '/' }).lines), said);
}
