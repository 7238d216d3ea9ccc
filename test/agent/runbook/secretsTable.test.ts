import assert from 'node:assert/strict';
import { cellOptions } from '../../../agent/runbook/cellOptions';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { declaredSecrets, secretsNamed } from '../../../agent/runbook/secretsTable';

function declare(reference: string): { found: string[]; problems: string[] } {
  const source = `---\nsecrets:\n  S: ${reference}\n---\n`;
  const { secrets, diagnostics } = declaredSecrets(parseRunbook(source).frontMatter, source);
  return {
    found: secrets.map(({ name, provider, place }) => `${name} ${provider} ${place}`),
    problems: diagnostics.map(({ line, column, message, hint }) => `${line}:${column} ${message}. ${hint}`),
  };
}

describe('declaredSecrets', () => {
  for (const [reference, found] of [
    ['env:DB_PASSWORD', 'S env DB_PASSWORD'],
    ['file:~/.secrets/db pass', 'S file ~/.secrets/db pass'],
    ['"cmd: pass show db/x"', 'S cmd pass show db/x'],
    ['vault:secret/data/db#password', 'S vault secret/data/db#password'],
    ['k8s:shop/db#password', 'S k8s shop/db#password'],
    ['k8s:kind-eu/shop/db#tls.key', 'S k8s kind-eu/shop/db#tls.key'],
    [
      '"k8s:arn:aws:eks:eu:1:cluster/prod/shop/db#password"',
      'S k8s arn:aws:eks:eu:1:cluster/prod/shop/db#password',
    ],
    ['editor:github', 'S editor github'],
  ] as const) {
    it(reference, () => assert.deepEqual(declare(reference), { found: [found], problems: [] }));
  }

  const nowhere = '3:6 `S` does not say where the secret is kept.';
  for (const [reference, problem] of [
    ['hunter2', nowhere],
    ['{a: b}', nowhere],
    ['1', nowhere],
    ['keychain:x', '3:6 `S` is kept by `keychain`, and no provider is called so.'],
    ['"env:"', '3:6 `S` does not say where `env` keeps it. Write `env:VARIABLE`.'],
    ['env:A-B', '3:6 `S` does not say where `env` keeps it. Write `env:VARIABLE`.'],
    ['vault:secret/data/db', '3:6 `S` does not say where `vault` keeps it. Write `vault:PATH#KEY`'],
    ['k8s:db#password', '3:6 `S` does not say where `k8s` keeps it. Write `k8s:NAMESPACE/SECRET#KEY`'],
    ['"cmd:  "', '3:6 `S` does not say where `cmd` keeps it. Write `cmd:COMMAND`'],
  ] as const) {
    it(`says what is wrong with ${reference}`, () => {
      const { found, problems } = declare(reference);
      assert.deepEqual([found, problems.length, problems[0]?.slice(0, problem.length)], [[], 1, problem]);
      assert.ok(!problems[0]?.includes('hunter2'), 'a secret that somebody wrote here is not told again');
    });
  }

  for (const [name, at] of [
    ['db-password', '2:11'],
    ['LD_PRELOAD', '2:11'],
  ] as const) {
    it(`refuses the name ${name}`, () => {
      const source = `---\nsecrets: {${name}: "env:X"}\n---\n`;
      const { secrets, diagnostics } = declaredSecrets(parseRunbook(source).frontMatter, source);
      assert.deepEqual([secrets, diagnostics.map(({ line, column }) => `${line}:${column}`)], [[], [at]]);
    });
  }

  it('says that a list is none', () => {
    const source = '---\nsecrets: [A]\n---\n';
    assert.equal(declaredSecrets(parseRunbook(source).frontMatter, source).diagnostics[0]?.line, 2);
  });
});

describe('secretsNamed', () => {
  function named(info: string, text: string, front = ''): string[] {
    const { cells, frontMatter } = parseRunbook(`${front}\`\`\`sh ${info}\n${text}\n\`\`\`\n`);
    return secretsNamed(cells[0]!, cellOptions(cells[0]!, frontMatter).options, ['TOKEN', 'DB']);
  }
  for (const [info, text, expected, front] of [
    ['', 'echo $TOKEN', ['TOKEN']],
    ['', 'echo "${DB}-${TOKEN}"', ['TOKEN', 'DB']],
    ['', 'echo ${{ secrets.TOKEN }}', ['TOKEN']],
    ['', 'echo $TOKENS $MY_TOKEN DBX', []],
    ['', 'echo TOKENS TOKEN', ['TOKEN']],
    ['{verify="check $DB"}', 'x', ['DB']],
    ['{env="A=$DB"}', 'x', ['DB']],
    ['{secrets=TOKEN,DB}', 'x', ['TOKEN', 'DB']],
    ['{secrets=OTHER}', 'x', []],
    ['', 'x', ['DB'], '---\ndefaults: {when: "test $DB"}\n---\n'],
    ['', 'x', ['TOKEN'], '---\ndefaults: {secrets: [TOKEN]}\n---\n'],
  ] as const) {
    it(`${info} ${text} ${front ?? ''}`, () => assert.deepEqual(named(info, text, front), expected));
  }
});
