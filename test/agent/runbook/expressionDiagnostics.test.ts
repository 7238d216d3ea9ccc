import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

describe('an attribute that names an input or a secret', () => {
  const front = '---\ninputs: {ns: string}\nsecrets: {TOKEN: "env:T"}\n---\n';
  const rows: readonly (readonly [attribute: string, ...found: string[]])[] = [
    ['when="test -n ${{ inputs.ns }}"'],
    ['when="test -n ${{ secrets.TOKEN }}"'],
    ['when="test -n ${{ inputs.nss }}"', '5:15 There is no input `nss`: declared are ns'],
    [
      'confirm="${{ inputs.a }} ${{ secrets.B }}"',
      '5:15 There is no input `a`: declared are ns',
      '5:15 There is no secret `B`: declared are TOKEN',
    ],
    ['lock="${{inputs.TOKEN}}"', '5:15 There is no input `TOKEN`: declared are ns'],
    ['env="A=${{ github.sha }}"'],
    ['exclude'],
  ];
  for (const [attribute, ...found] of rows) {
    it(`${attribute}: ${found.length === 0 ? 'is as declared' : 'is told'}`, () => {
      const { diagnostics } = parseRunbook(`${front}\`\`\`sh {name=a ${attribute}}\ntrue\n\`\`\`\n`);
      assert.deepEqual(
        diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`),
        found,
      );
      assert.ok(diagnostics.every(({ severity, cells }) => severity === 'error' && cells?.[0] === 'a'));
    });
  }
});
