import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { declaredRequirements } from '../../../agent/runbook/requires';

function declare(source: string): { found: unknown[]; problems: string[] } {
  const { requirements, diagnostics } = declaredRequirements(parseRunbook(source).frontMatter, source);
  return {
    found: requirements,
    problems: diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`),
  };
}

function good(requires: string, ...expected: unknown[]): void {
  it(requires, () =>
    assert.deepEqual(declare(`---\nrequires: ${requires}\n---\n`), { found: expected, problems: [] }),
  );
}

function wrong(requires: string, ...problems: string[]): void {
  it(`says what is wrong with ${requires}`, () => {
    assert.deepEqual(declare(`---\nrequires: ${requires}\n---\n`), { found: [], problems });
  });
}

describe('declaredRequirements', () => {
  const at = (column: number): object => ({ line: 2, column });
  good('{kubectl: ">=1.29"}', { kind: 'tool', name: 'kubectl', version: '>=1.29', ...at(12) });
  good(
    '{jq: "*", yq: }',
    { kind: 'tool', name: 'jq', version: '*', ...at(12) },
    { kind: 'tool', name: 'yq', version: '*', ...at(21) },
  );
  good('{go: 1.20}', { kind: 'tool', name: 'go', version: '1.20', ...at(12) });
  good('{node: "^20 || >=22.3 <24"}', {
    kind: 'tool',
    name: 'node',
    version: '^20 || >=22.3 <24',
    ...at(12),
  });
  good('{a: {version: ">=1", get: "apt-get install a"}}', {
    kind: 'tool',
    name: 'a',
    version: '>=1',
    get: 'apt-get install a',
    ...at(12),
  });
  good('{a: {version: 1.10}}', { kind: 'tool', name: 'a', version: '1.10', ...at(12) });
  good('{a: {get: "https://a.example"}}', {
    kind: 'tool',
    name: 'a',
    version: '*',
    get: 'https://a.example',
    ...at(12),
  });
  good(
    '[kubectl, jq]',
    { kind: 'tool', name: 'kubectl', version: '*', ...at(12) },
    { kind: 'tool', name: 'jq', version: '*', ...at(21) },
  );
  good(
    '[kubectl, {jq: ">=1.6"}]',
    { kind: 'tool', name: 'kubectl', version: '*', ...at(12) },
    { kind: 'tool', name: 'jq', version: '>=1.6', ...at(22) },
  );
  good('{vpn: {command: "ip link show tun0", help: "Start it."}}', {
    kind: 'probe',
    name: 'vpn',
    command: 'ip link show tun0',
    help: 'Start it.',
    ...at(12),
  });
  good('{"logged in": {command: "x"}}', { kind: 'probe', name: 'logged in', command: 'x', ...at(12) });

  wrong('{a: ">>1"}', '2:15 `>>1` is no range of versions for `a`');
  wrong('{a: latest}', '2:15 `latest` is no range of versions for `a`');
  wrong('{a: {version: soon}}', '2:25 `soon` is no range of versions for `a`');
  wrong('{a: [1]}', '2:15 `this` is no range of versions for `a`');
  wrong('{"a b": "*"}', '2:12 `a b` is not the name of a program');
  wrong('[/bin/a]', '2:12 `/bin/a` is not the name of a program');
  wrong('["a; b"]', '2:12 `a; b` is not the name of a program');
  wrong(
    '{a: {command: "x\\0y"}}',
    '2:25 The `command` of `a` has a NUL character in it, which no program can be given',
  );
  wrong('{a: {command: ""}}', '2:16 The `command` of `a` is not a command');
  wrong('{a: {command: x, get: y}}', '2:28 A requirement with `command` can have `help`, but not `get`');
  wrong('{a: {versoin: "1"}}', '2:16 A requirement with `version` can have `get`, but not `versoin`');
  wrong('kubectl', '2:1 `requires` is neither a list of programs nor names with versions');

  it('reads TOML and JSON', () => {
    const toml = declare('+++\n[requires]\nkubectl = ">=1.29"\nb = "soon"\n+++\n');
    assert.deepEqual(toml.found, [{ kind: 'tool', name: 'kubectl', version: '>=1.29', line: 3, column: 1 }]);
    assert.deepEqual(toml.problems, ['4:5 `soon` is no range of versions for `b`']);
    const json = declare('{\n "requires": {"a": ">=1", "b": "soon"}\n}\n');
    assert.deepEqual(json.found, [{ kind: 'tool', name: 'a', version: '>=1', line: 2, column: 15 }]);
    assert.deepEqual(json.problems, ['2:32 `soon` is no range of versions for `b`']);
  });
});
