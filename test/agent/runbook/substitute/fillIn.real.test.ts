import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import type { InputSpec } from '../../../../agent/runbook/inputs';
import { parseRunbook } from '../../../../agent/runbook/parseRunbook';
import { fillIn } from '../../../../agent/runbook/substitute/fillIn';

/** A text with `§` where the value goes, and what it prints. */
type Case = readonly [text: string, printed: (value: string) => string];

const posix: readonly Case[] = [
  ["printf '%s\\0' §", same],
  ['printf \'%s\\0\' "§"', same],
  ["printf '%s\\0' a§b\"c§d\"'e'", value => `a${value}bc${value}de`],
  ["printf '%s\\0' --a=§ | cat", value => `--a=${value}`],
  ['printf \'%s\\0\' "$(printf \'%s.\' § "§")"', value => `${value}.${value}.`],
  ['printf \'%s\\0\' "`printf \'%s.\' § "§"`"', value => `${value}.${value}.`],
  ["y=`printf '%s.' §`; printf '%s\\0' \"$y\"", value => `${value}.`],
  ["cat <<EOF; printf '\\0'\na§b $(printf '%s.' §)\nEOF", value => `a${value}b ${value}.\n`],
  ["cat <<-EOF; printf '\\0'\n\t'§' \"§\"\n\tEOF", value => `'${value}' "${value}"\n`],
  ['y=$(cat <<EOF\n§.\nEOF\n); printf \'%s\\0\' "$y"', value => `${value}.`],
  ['y=§; printf \'%s\\0\' "$y"', same],
  ['y=${nope:-§}; printf \'%s\\0\' "$y"', same],
  ['printf \'%s\\0\' "${nope:-§}"', same],
  ['y=abc§; y=${y%§}; printf \'%s\\0\' "$y"', () => 'abc'],
  ["case § in §) printf 'yes\\0';; *) printf 'no\\0';; esac", () => 'yes'],
  ["[ § = \"§\" ] && printf 'yes\\0' # § '", () => 'yes'],
  ['(f() { printf \'%s\\0\' "$1"; }; f §)', same],
  ["if true; then printf '%s\\0' \\\n  §; fi", same],
];

const bashLike: readonly Case[] = [
  ['[[ § == § && "§" = §* ]] && printf \'yes\\0\'', () => 'yes'],
  ['y=(§ "§" a§); printf \'%s.\' "${y[@]}"; printf \'\\0\'', value => `${value}.${value}.a${value}.`],
  ["cat <<< §; printf '\\0'", value => `${value}\n`],
  ["cat <(printf '%s' §); printf '\\0'", same],
  ["y=$'a\\'b'§; printf '%s\\0' \"$y\"", value => `a'b${value}`],
  ['y=xyz; y=${y/y/§}; printf \'%s\\0\' "$y"', value => `x${value}z`],
  ["printf '%s\\0' $(( 1 + 1 ))§", value => `2${value}`],
];

const fish: readonly Case[] = [
  ["printf '%s\\0' §", same],
  ['printf \'%s\\0\' "§"', same],
  ["printf '%s\\0' a§b", value => `a${value}b`],
  ['printf \'%s\\0\' "a§b§[1]§"', value => `a${value}b${value}[1]${value}`],
  ["printf '%s\\0' (printf '%s.' § | string collect)", value => `${value}.`],
  ["set y §; printf '%s\\0' \"$y\" # § '", same],
  ["begin; printf '%s\\0' 'it\\'s'§; end", value => `it's${value}`],
];

const shells: readonly { program: string; language: string; cases: readonly Case[] }[] = [
  { program: 'bash', language: 'bash', cases: [...posix, ...bashLike] },
  { program: 'sh', language: 'bash', cases: posix },
  { program: 'zsh', language: 'zsh', cases: [...posix, ...bashLike] },
  { program: 'fish', language: 'fish', cases: fish },
];

/** What ends a quote, opens one, expands, is run or globbed somewhere. `touch` would leave a file. */
const nasty = [
  '$(touch ran)',
  '`touch ran`',
  '; touch ran;',
  "'; touch ran; '",
  '"; touch ran; "',
  'a[$(touch ran)]',
  '${x:=1}',
  '$HOME',
  '\\',
  "'",
  '"',
  '`',
  '$',
  '\n',
  '\nEOF\n',
  '*',
  '?',
  '~',
  '!!',
  '#',
  '&',
  '|',
  '{a,b}',
  '-n',
  '%s',
  '\t',
  '\u2028',
  'é',
  '😀',
  '(touch ran)',
  '$x',
  '[1]',
  '}',
  '}}',
  '${{ inputs.v0 }}',
  '<ns>',
];

const value = fc
  .array(fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 6 })
  .map(parts => parts.join('').replaceAll('\0', ''));

/** A word of a POSIX shell with values in it at any depth. */
const nested: fc.Arbitrary<Case> = fc.letrec<{ word: Case }>(tie => ({
  word: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'word' },
    fc.constantFrom<Case>(
      ['§', same],
      ['"§"', same],
      ["a§'$b'", value => `a${value}$b`],
      ['"${nope:-§}"', same],
      ['\\"§', value => `"${value}`],
    ),
    fc
      .tuple(tie('word'), tie('word'))
      .map(([[a, printA], [b, printB]]): Case => [`${a}${b}`, value => printA(value) + printB(value)]),
    ...[
      (text: string) => `"$(printf '%s.' ${text})"`,
      (text: string) => `"$( (printf '%s.' ${text}) )"`,
      (text: string) =>
        `"$(printf '%s.' ${text}; cat <<'X${text.length}' >/dev/null\n$(\nX${text.length}\n)"`,
      (text: string) => `"$(y=${text}; printf '%s.' "$y")"`,
      (text: string) => `"$(case x in y) ;; x) printf '%s.' ${text};; esac)"`,
      (text: string) => `"$(cat <<X${text.length}\n$(printf '%s.' ${text})\nX${text.length}\n)"`,
      (text: string) => `"$(f() { printf '%s.' "$1"; }; f ${text} # it's\n)"`,
    ].map(wrap => tie('word').map(([text, print]): Case => [wrap(text), value => `${print(value)}.`])),
  ),
})).word;

/** What shells compute with, or take as the name of a variable, whose index they compute. */
const computing = [
  'echo $((§)) $((1+"§"))',
  'echo $[§]',
  '((§))',
  'for ((i=§;i<1;i++)); do :; done',
  'let §',
  'let "a=§"',
  '[[ § -eq 1 ]]',
  '[[ 1 -lt "§" && a ]]',
  '[[ -v § ]]',
  '[ -v § ]',
  'test -v "§"',
  '[ § -eq 1 ]',
  'a[§]=1',
  'a["§"]=1',
  'a=([§]=1)',
  'a=(x); echo ${a[§]} "${a[§]}"',
  'y=abc; echo ${y:§} "${y:0:§}"',
  'declare §',
  'declare "§=1"',
  'declare -i n=§',
  'typeset -i "n=§"',
  'f() { local §; local "§=1"; local -i n=§; }; f',
  'export §',
  'export "§=1"',
  'readonly "§=1"',
  'unset §',
  'read § <<< 1',
  'read -r "§" </dev/null',
  'read -t § y </dev/null',
  'read -n "§" y </dev/null',
  'read -p § y </dev/null',
  'printf -v § 1',
  'printf "%d" §',
  'mapfile -t § </dev/null',
  'getopts a §',
  'set -A § 1',
  'f() { return §; }; f',
  'shift §',
  '(exit §)',
  'repeat § do :; done',
  'integer q=§',
  'case 1 in §) ;; esac',
  'for i in §; do echo $i; done',
  'echo ${y:-§} ${y:=§}',
  'y=§; echo "$y"; eval :',
  'if [[ a == § ]]; then :; elif [[ § -ne 1 ]]; then :; fi',
  '! let §',
  'time let §',
  'true && let §',
  '{ let §; }',
  '(let §)',
  'a=$(let §)',
  'echo "$(let §)"',
  '`let §`',
  'x=1 let §',
  'command let §',
  'builtin let §',
  '\\let §',
  'cat <<E\n$(let §)\n$((§))\nE',
  'cat <<< $((§))',
  'if let §; then :; fi',
  'while let §; do break; done',
];

/** Where another program reads a value; the last ones as data. */
const readAgain = [
  'bash -e -c "echo §"',
  'bash -o errexit -c "echo §"',
  'env A=b bash -c "echo §"',
  'find . -maxdepth 0 -exec sh -c "echo §" \\;',
  'eval "echo §"',
  'eval "$(printf %s §)"',
  'shopt -s expand_aliases; alias k="echo §"\nk',
  'trap "echo §" EXIT',
  'bash <<E\necho §\nE',
  'cat <<E | tr a a | bash -s 2>&1 | cat\necho §\nE',
  'bash 2> err <<< "echo §"',
  'echo "echo §" | bash',
  '{ true; echo "echo §"; } | (true; bash)',
  'if true; then echo "echo §"; fi | { cat | bash; }',
  'source <(echo "echo §")',
  '. /dev/stdin <<< "echo §"',
  'python3 -c "import os; os.system(\'§\')"',
  'node <<E\nrequire("child_process").execSync("§")\nE',
  'awk "BEGIN { system(\\"§\\") }"',
  'declare -i n=0\nn=§',
  'bash -c \'echo "$1"\' - §',
  'cat <<E | bash -c cat\n§\nE',
  'printf %s § | cat > file; cat file',
  'bash <<\'E\'\necho "$x"\nE',
  'quoted=$(printf %q §); bash -c "echo $quoted"',
];
const readAsData = 5;

function same(text: string): string {
  return text;
}

function input(name: string, type: InputSpec['type'] = 'string'): InputSpec {
  return { name, type, required: false, line: 1, column: 1 };
}

function filled(
  tag: string,
  text: string,
  specs: readonly InputSpec[],
  values: ReadonlyMap<string, string>,
): string {
  const source = `\`\`\`${tag}\n${text}\n\`\`\`\n`;
  const cell = parseRunbook(source).cells[0]!;
  const { text: result, diagnostics } = fillIn(
    cell,
    { inputs: specs, values, secrets: new Set(), placeholders: true },
    source,
  );
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    [],
  );
  return result;
}

describe('fillIn, read by the real thing', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'handrail-fill-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const { program, language, cases } of shells) {
    it(`${program} prints what was given and runs none of it`, function () {
      if (spawnSync(program, ['-c', 'true']).error) this.skip();
      const sample = fc.sample(value, 40).concat(nasty);
      const names = sample.map((_, at) => `v${at}`);
      const specs = names.map(name => input(name));
      const values = new Map(names.map((name, at) => [name, sample[at]!]));
      for (const [text, printed] of cases) {
        const script = names.map(name => text.replaceAll('§', `\${{ inputs.${name} }}`)).join('\n');
        writeFileSync(join(folder, 'script'), filled(language, script, specs, values));
        const env = { ...process.env, ...Object.fromEntries(values), HOME: folder };
        const { stdout, stderr } = spawnSync(program, ['script'], { cwd: folder, env, encoding: 'utf8' });
        assert.equal(stderr, '', text);
        assert.deepEqual(stdout.split('\0').slice(0, -1), sample.map(printed), text);
        assert.deepEqual(
          readdirSync(folder).filter(file => file === 'ran'),
          [],
          text,
        );
      }
    }).timeout(60_000);
  }

  for (const { program, language } of shells.filter(one => one.program !== 'fish')) {
    it(`${program} prints it at any depth`, function () {
      if (spawnSync(program, ['-c', 'true']).error) this.skip();
      const cases = fc.sample(nested, 100);
      const given = fc.sample(value, 5).concat('$(touch ran)`touch ran`"\'; touch ran #', ' \n* ');
      for (const one of given) {
        const script = cases
          .map(([text]) => `printf '%s\\0' ${text.replaceAll('§', '${{ inputs.v }}')}`)
          .join('\n');
        writeFileSync(join(folder, 'script'), filled(language, script, [input('v')], new Map([['v', one]])));
        const env = { ...process.env, v: one };
        const { stdout, stderr } = spawnSync(program, ['script'], { cwd: folder, env, encoding: 'utf8' });
        assert.equal(stderr, '');
        stdout
          .split('\0')
          .slice(0, -1)
          .forEach((printed, at) => assert.equal(printed, cases[at]![1](one), cases[at]![0]));
        assert.equal(stdout.split('\0').length, cases.length + 1);
        assert.equal(existsSync(join(folder, 'ran')), false);
      }
    }).timeout(60_000);
  }

  for (const [program, language] of [
    ['bash', 'bash'],
    ['sh', 'bash'],
    ['zsh', 'zsh'],
  ] as const) {
    it(`${program} runs nothing of a value where values are computed or name variables: else it is refused`, function () {
      if (spawnSync(program, ['-c', 'true']).error) this.skip();
      const specs = [input('x')];
      const values = new Map([['x', 'a[$(touch ran)]']]);
      for (const text of computing) {
        const source = `\`\`\`${language}\n${text.replaceAll('§', '${{ inputs.x }}')}\n\`\`\`\n`;
        const given = { inputs: specs, values, secrets: new Set<string>(), placeholders: true };
        const { text: script, diagnostics } = fillIn(parseRunbook(source).cells[0]!, given, source);
        if (diagnostics.some(({ severity }) => severity === 'error')) continue;
        const env = { ...process.env, x: 'a[$(touch ran)]' };
        spawnSync(program, ['-c', script], { cwd: folder, env, timeout: 5000 });
        assert.equal(existsSync(join(folder, 'ran')), false, text);
      }
    }).timeout(60_000);
  }

  it('bash runs nothing of a value that another program reads: it is refused, or is data there', () => {
    const value = "'; touch ran; $(touch ran)";
    const values = new Map([['x', value]]);
    let refused = 0;
    for (const text of readAgain) {
      const source = `\`\`\`bash\n${text.replaceAll('§', '${{ inputs.x }}')}\n\`\`\`\n`;
      const given = { inputs: [input('x')], values, secrets: new Set<string>(), placeholders: true };
      const { text: script, diagnostics } = fillIn(parseRunbook(source).cells[0]!, given, source);
      if (diagnostics.some(({ severity }) => severity === 'error') && ++refused > 0) continue;
      spawnSync('bash', ['-c', script], { cwd: folder, env: { ...process.env, x: value }, timeout: 5000 });
      assert.equal(existsSync(join(folder, 'ran')), false, text);
    }
    assert.equal(refused, readAgain.length - readAsData);
  }).timeout(60_000);

  it('bash prints what a placeholder was filled in with', () => {
    const text = `show() { printf '%s.' "$@"; }; show <ns> --ns=<ns>-api you@<ns> "<ns>" '<your ns>' "x/<your-ns>/y" http://{{ns}}:80`;
    const source = `\`\`\`sh\n${text}\n\`\`\`\n`;
    const cell = parseRunbook(source).cells[0]!;
    for (const one of nasty) {
      const { text: script, variables } = fillIn(
        cell,
        { inputs: [], values: new Map(), secrets: new Set(), placeholders: true },
        source,
      );
      const env = { ...process.env, ...Object.fromEntries([...variables.keys()].map(name => [name, one])) };
      const printed = execFileSync('bash', ['-c', script], { cwd: folder, env, encoding: 'utf8' });
      assert.equal(
        printed,
        [one, `--ns=${one}-api`, `you@${one}`, one, one, `x/${one}/y`, `http://${one}:80`]
          .map(part => `${part}.`)
          .join(''),
      );
    }
    assert.equal(existsSync(join(folder, 'ran')), false);
  });

  it('numbers are computed with', () => {
    for (const number of ['0', '7', '-3', '12']) {
      const values = new Map([['n', number]]);
      const text =
        'echo $((1-${{ inputs.n }})); [[ ${{ inputs.n }} -lt 5 ]]; echo $?; let "m=${{ inputs.n }}+1"; echo $m';
      const script = filled('bash', text, [input('n', 'number')], values);
      const printed = execFileSync('bash', ['-c', script], {
        env: { ...process.env, n: number },
        encoding: 'utf8',
      });
      const n = Number(number);
      assert.equal(printed, `${1 - n}\n${n < 5 ? 0 : 1}\n${n + 1}\n`);
    }
  });

  it('python reads the value', function () {
    if (spawnSync('python3', ['--version']).error) this.skip();
    const sample = fc.sample(value, 100).concat(nasty);
    const names = sample.map((_, at) => `v${at}`);
    const values = new Map(names.map((name, at) => [name, sample[at]!]));
    const lines = names.map(name => `print(json.dumps(\${{ inputs.${name} }})) # "`);
    const script = filled(
      'python',
      ['import json', ...lines].join('\n'),
      names.map(name => input(name)),
      values,
    );
    writeFileSync(join(folder, 'script.py'), script);
    const printed = execFileSync('python3', ['script.py'], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual(
      printed
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as string),
      sample,
    );
  });

  it('JavaScript, JSON and SQL read the value', () => {
    const database = new DatabaseSync(':memory:');
    fc.assert(
      fc.property(value, one => {
        const specs = [input('v')];
        const values = new Map([['v', one]]);
        const script = filled('js', '(() => { return ${{ inputs.v }} })() // `', specs, values);
        assert.equal((0, eval)(script), one);
        const json = '```json {interpreter=cat}\n[${{ inputs.v }}, "a"]\n```\n';
        const cell = parseRunbook(json).cells[0]!;
        const { text } = fillIn(
          cell,
          { inputs: specs, values, secrets: new Set(), placeholders: true },
          json,
        );
        assert.deepEqual(JSON.parse(text), [one, 'a']);
        fc.pre(!one.includes('\\'));
        const sql = filled('sql', "select ${{ inputs.v }} as v -- '", specs, values);
        assert.equal(database.prepare(sql).get()?.v, one);
      }),
    );
    database.close();
  });
});
