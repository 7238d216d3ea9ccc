import assert from 'node:assert/strict';
import type { InputSpec } from '../../../../agent/runbook/inputs';
import { parseRunbook } from '../../../../agent/runbook/parseRunbook';
import { fillIn, fillInCommand, type FillValues } from '../../../../agent/runbook/substitute/fillIn';

function input(name: string, type: InputSpec['type']): InputSpec {
  return { name, type, required: true, line: 1, column: 1 };
}

const values: FillValues = {
  inputs: [
    input('x', 'string'),
    input('n', 'number'),
    input('b', 'boolean'),
    input('c', 'choice'),
    input('s', 'secret'),
    input('neg', 'number'),
    input('float', 'number'),
    { ...input('none', 'string'), required: false },
    { ...input('preset', 'string'), required: false, default: 'p' },
    input('version', 'string'),
  ],
  values: new Map([
    ['x', 'a\'b"c\\d\ne\u2028'],
    ['n', '3'],
    ['b', 'true'],
    ['c', 'eu'],
    ['neg', '-1'],
    ['float', '1.5'],
    ['version', "it's"],
  ]),
  secrets: new Set(['TOKEN']),
  placeholders: true,
};

interface Told {
  text: string;
  told: string[];
  used: readonly string[];
  variables: Record<string, string>;
}

function fill(tag: string, text: string, given = values): Told {
  const source = `# T\n\n\`\`\`${tag}\n${text}\n\`\`\`\n`;
  const cell = parseRunbook(source).cells[0]!;
  const { text: result, diagnostics, used, variables } = fillIn(cell, given, source);
  return {
    text: result.slice(0, -1),
    told: diagnostics.map(
      ({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`,
    ),
    used,
    variables: Object.fromEntries(variables),
  };
}

function good(tag: string, text: string, expected: string): void {
  it(`${tag}: ${text}`, () => {
    const { text: result, told } = fill(tag, text);
    assert.deepEqual([result, told], [expected, []]);
  });
}

function wrong(tag: string, text: string, ...told: string[]): void {
  it(`${tag}: ${text}`, () => assert.deepEqual(fill(tag, text).told, told));
}

describe('fillIn', () => {
  describe('refers to variables in shells', () => {
    good('sh', 'echo ${{ inputs.x }} a${{inputs.x}}b', 'echo "${x}" a"${x}"b');
    good('sh', 'echo "a ${{ inputs.x }}" ${{ secrets.TOKEN }}', 'echo "a ${x}" "${TOKEN}"');
    good('sh', 'cat <<EOF\n${{ inputs.x }}\nEOF', 'cat <<EOF\n${x}\nEOF');
    good('sh', 'echo $((${{ inputs.n }} + 1))', 'echo $((${n} + 1))');
    good('sh', 'let "a=${{ inputs.n }}"', 'let "a=${n}"');
    good('sh', 'echo # ${{ inputs.nope }}', 'echo # ${{ inputs.nope }}');
    good('sh', 'echo \\${{ inputs.x }} ${x} ${{x}', 'echo \\${{ inputs.x }} ${x} ${{x}');
    good('sh', 'echo <ns>-api "<your-x>"', 'echo "${HANDRAIL_INPUT_ns}"-api "${HANDRAIL_INPUT_your_x}"');
    good('sh', "curl -u '<your-user>'", "curl -u ''\"$HANDRAIL_INPUT_your_user\"''");
    good('sh', 'echo {{name}}.x', 'echo "${HANDRAIL_INPUT_name}".x');
    good('zsh', 'echo ${{ inputs.x }}', 'echo "${x}"');
    good('fish', 'echo ${{ inputs.x }} "${{ inputs.x }}" "${{ inputs.x }}y"', 'echo "$x" "$x" """$x""y"');
    good('fish', 'echo ${{ inputs.version }} <ns>', 'echo "$HANDRAIL_INPUT_version" "$HANDRAIL_INPUT_ns"');
    good('powershell', 'Get-Item ${{ inputs.x }}', 'Get-Item $env:x');
    good('powershell', 'f(${{ inputs.x }},1); "a${{ inputs.x }}b"', 'f($env:x,1); "a${env:x}b"');
    good('powershell', '@"\n${{ secrets.TOKEN }}\n"@ # ${{ x }}', '@"\n${env:TOKEN}\n"@ # ${{ x }}');
    good('powershell', '<# ${{ inputs.x }} #> x <ns>', '<# ${{ inputs.x }} #> x <ns>');
  });

  describe('writes literals elsewhere', () => {
    const text = '"a\'b\\"c\\\\d\\ne\\u2028"';
    good('python', 'f(${{ inputs.x }})', `f(${text})`);
    good('python', 'f(${{inputs.n}}, ${{inputs.b}}, ${{inputs.c}})', 'f(3, True, "eu")');
    good('python', 'f(2-${{inputs.neg}}, ${{inputs.none}}, ${{inputs.preset}})', 'f(2-(-1), None, "p")');
    good(
      'python',
      'f(${{ secrets.TOKEN }}, ${{ inputs.s }})',
      'f(__import__("os").environ["TOKEN"], __import__("os").environ["s"])',
    );
    good('python', '# ${{ inputs.nope }}\nf("#", ${{ inputs.n }})', '# ${{ inputs.nope }}\nf("#", 3)');
    good('python', 'f("""a " # """, ${{ inputs.n }})', 'f("""a " # """, 3)');
    good('js', 'f(${{ inputs.x }})', `f(${text})`);
    good('js', 'f(${{inputs.n}}-${{inputs.neg}}, ${{inputs.b}}, ${{inputs.none}})', 'f(3-(-1), true, null)');
    good('ts', 'f(${{ secrets.TOKEN }}) // ${{ inputs.x }}', 'f(process.env["TOKEN"]) // ${{ inputs.x }}');
    good('js', 'a = 4 / 2; b = /["`]/.test(${{ inputs.c }})', 'a = 4 / 2; b = /["`]/.test("eu")');
    good('js', 'while (f(1)) /"/.exec(${{ inputs.c }})', 'while (f(1)) /"/.exec("eu")');
    good('js', '${{ inputs.n }} / 2; (await (f)).x; f(${{ inputs.c }})', '3 / 2; (await (f)).x; f("eu")');
    good('js', 'i++ / 2; f(") / 2", ${{ inputs.c }} / 3)', 'i++ / 2; f(") / 2", "eu" / 3)');
    good('js', 'a.if (l) / 2; f(${{ inputs.c }}, "/")', 'a.if (l) / 2; f("eu", "/")');
    good('js', '(a + b) / 2; f("/", ${{ inputs.c }})', '(a + b) / 2; f("/", "eu")');
    good('ts', 'a! / 2; f("/", ${{ inputs.c }})', 'a! / 2; f("/", "eu")');
    good('js', '`a${ f(${{ inputs.c }}) }b`', '`a${ f("eu") }b`');
    good('sql', 'select * from t where a = ${{ inputs.version }}', "select * from t where a = 'it''s'");
    good(
      'sql',
      "select 'a''b', ${{inputs.n}} - ${{inputs.neg}}, ${{inputs.b}} -- ${{inputs.x}}",
      "select 'a''b', 3 - (-1), TRUE -- ${{inputs.x}}",
    );
    good(
      'json {interpreter=cat}',
      '{"a": ${{ inputs.x }}, "n": ${{ inputs.neg }}}',
      `{"a": ${text}, "n": -1}`,
    );
  });

  describe('refuses', () => {
    const at = (column: number, written: string, why: string): string =>
      `4:${column} error \`${written}\` cannot be filled in here: ${why}`;
    const x = '${{ inputs.x }}';
    wrong('sh', `echo '${x}'`, at(7, x, 'nothing is replaced between single quotes'));
    wrong('sh', `echo $'${x}'`, at(8, x, "nothing is replaced in $'…'"));
    wrong(
      'sh',
      `cat <<'E'\n\n ${x}\nE`,
      at(2, x, 'nothing is replaced in a here-document whose delimiter is quoted').replace('4:', '6:'),
    );
    wrong('sh', `echo $((${x}))`, at(9, x, 'only a number may be computed'));
    wrong('sh', `[[ ${x} -eq 1 ]]`, at(4, x, 'only a number may be computed'));
    wrong('sh', `unset ${x}`, at(7, x, 'only a number may be computed'));
    wrong('sh', 'echo $((${{ inputs.float }}))', at(9, '${{ inputs.float }}', '`1.5` is not a whole number'));
    wrong(
      'sh',
      'echo $((${{ secrets.TOKEN }}))',
      at(9, '${{ secrets.TOKEN }}', 'only a number may be computed'),
    );
    wrong('sh', `echo "\${a#${x}}"`, at(11, x, 'in "${…}" each shell reads it in its own way'));
    wrong('fish', `echo '${x}'`, at(7, x, 'nothing is replaced between single quotes'));
    wrong('powershell', `echo '${x}'`, at(7, x, 'nothing is replaced between single quotes'));
    wrong('powershell', `echo a${x}`, at(7, x, 'it is a part of a word'));
    wrong(
      'powershell',
      `@'\n${x}\n'@`,
      at(1, x, 'nothing is replaced in a here-document whose delimiter is quoted').replace('4:', '5:'),
    );
    const inString =
      'it stands inside a string, and what is filled in is a whole literal with quotes of its own';
    wrong('python', `f("${x}")`, at(4, x, inString));
    wrong('python', `f('''a\n'${x}''')`, at(2, x, inString).replace('4:', '5:'));
    wrong('js', `f(\`a\${b}${x}\`)`, at(9, x, inString));
    wrong('js', `f(/a${x}/)`, at(5, x, inString));
    const unsure =
      'whether it stands inside a string, comment or regular expression here cannot be told for sure';
    wrong('js', `if (l) /"/.test(l); f("to ${x} now");`, at(27, x, inString));
    wrong('js', `if (l) {} /"/.test(l); f("to ${x} now");`, at(30, x, unsure));
    wrong('js', `/[/[ a; f("${x}")`, at(12, x, unsure));
    wrong('js', `a <!-- \`\nf(\`${x}\`)`, at(4, x, unsure).replace('4:', '5:'));
    wrong('js', `a\n--> \`\nf(${x})`, at(3, x, unsure).replace('4:', '6:'));
    wrong('js', `f(\`\${{a:\`${x}\`}.a}\`)`, at(10, x, inString));
    wrong('js', `await (1) /"/g; f(${x}, "/")`, at(19, x, unsure));
    wrong('js', `of /"/g; f(${x}, "/")`, at(12, x, unsure));
    wrong('sql', `select '${x}'`, at(9, x, inString));
    wrong('sql', `select $a$ ${x} $a$`, at(12, x, inString));
    wrong('sql', `select ${x}`, at(8, x, 'its value has a backslash in it, which databases do not agree on'));
    const differ = 'databases do not agree on whether it stands inside a string or comment here';
    wrong('sql', `select 'a\\', ${x}, 'b'`, at(14, x, differ));
    wrong('sql', `select 1 # ${x}`, at(12, x, differ));
    wrong(
      'sql',
      'select ${{ secrets.TOKEN }}',
      at(8, '${{ secrets.TOKEN }}', 'a secret is never written into a text'),
    );
    const touching = 'it touches the word or string beside it, and would be read together with it';
    wrong('python', `f(f${x})`, at(4, x, touching));
    wrong('sql', `select 'a'${x}`, at(11, x, touching));
    wrong('ruby', `puts ${x}`, at(6, x, 'how a value is written in `ruby` is not known'));
    for (const text of [
      `declare -i n=0\nn=${x}`,
      `n="${x}"\ndeclare -ri n`,
      `f() { local -i n; }\nexport n=${x}`,
      `typeset -i n\nfor n in ${x}; do :; done`,
      `declare -i n\nread n <<< ${x}`,
      `declare -n ref="${x}"`,
      `declare -n ref\nref=${x}`,
      'declare -i n\nn=<count>',
    ]) {
      it(`sh: ${text}`, () =>
        assert.match(fill('sh', text).told.join('\n'), /^[45]:\d+ error [^\n]* only a number/));
    }
    good('sh', 'declare -i n=0\nm=${{ inputs.x }}', 'declare -i n=0\nm="${x}"');
    good('sh', 'declare -i n=0\nn=${{ inputs.n }}', 'declare -i n=0\nn="${n}"');
    wrong('sh', 'unset <name>', at(7, '<name>', 'only a number may be computed'));
  });

  describe('knows what is declared', () => {
    wrong(
      'sh',
      'echo ${{ inputs.nope }}',
      '4:6 error There is no input `nope`: declared are x, n, b, c, s, neg, float, none, preset, version',
    );
    wrong('sh', 'echo ${{ secrets.x }}', '4:6 error There is no secret `x`: declared are TOKEN');
    wrong('sh', 'echo ${{ input.x }}', '4:6 error `${{ input.x }}` is neither an input nor a secret');
    wrong(
      'python',
      'f(${{ inputs.nope }})',
      '4:3 error There is no input `nope`: declared are x, n, b, c, s, neg, float, none, preset, version',
    );
    wrong('python', 'f"${{x}}"');
    wrong('sh', "cat > w.yml <<'E'\n${{ github.sha }}\nE");
    wrong(
      'sh',
      "cat > w.yml <<'E'\n${{ inputs.nope }}\nE",
      '5:1 warning There is no input `nope`: declared are x, n, b, c, s, neg, float, none, preset, version',
    );

    it("leaves somebody else's template alone where nothing is declared", () => {
      const nothing = { ...values, inputs: [], secrets: new Set<string>() };
      const text = "cat > w.yml <<'E'\n${{ inputs.x }} ${{ secrets.GITHUB_TOKEN }}\nE";
      const { text: result, told } = fill('sh', text, nothing);
      assert.deepEqual([result, told], [text, []]);
    });
  });

  describe('refuses what a second program would run', () => {
    const x = '${{ inputs.x }}';
    const told = {
      shell: 'is put into a text that a second shell reads',
      far: 'is put into a command that a shell at the other end reads',
      code: 'is put into a text that another program reads as code',
    };
    function again(tag: string, text: string, by: keyof typeof told): void {
      it(`${tag}: ${text}`, () => {
        const found = fill(tag, text).told.map(one => one.replace(/^\S+ /, ''));
        assert.deepEqual(found, [`error \`${x}\` ${told[by]}, which would run what is in it`]);
      });
    }
    for (const text of [
      `sh -c "echo ${x}"`,
      `bash -e -c "echo ${x}"`,
      `bash -ec "echo ${x}"`,
      `bash -o pipefail -c "echo ${x}"`,
      `sudo -u ana /bin/bash -c "${x}"`,
      `kubectl exec p -- bash -lc "${x}"`,
      `mytool run bash -c ${x}`,
      `su - ana -c "ls ${x}"`,
      `eval ${x}`,
      `eval "$(echo ${x})"`,
      `alias k="kubectl -n ${x}"`,
      `trap "rm -f ${x}" EXIT`,
      `watch "ls ${x}"`,
      `PROMPT_COMMAND="echo ${x}"`,
      `bash <<EOF\necho ${x}\nEOF`,
      `sudo bash -s -- a <<EOF\necho ${x}\nEOF`,
      `docker exec -i web sh <<EOF > log 2>&1\necho ${x}\nEOF`,
      `cat <<EOF | bash\necho ${x}\nEOF`,
      `cat <<EOF | sed s/a/b/ | sudo bash 2>&1\necho ${x}\nEOF`,
      `bash <<< "echo ${x}"`,
      `echo "ls ${x}" | bash`,
      `{ echo a; echo "ls ${x}"; } | bash`,
      `for i in 1; do echo "ls ${x}"; done | bash -s`,
      `(cd /; echo "ls ${x}") | bash`,
      `echo "ls ${x}" | (cd /; bash)`,
      `echo "ls ${x}" | { cd /; bash; }`,
      `echo "ls ${x}" |& bash /dev/stdin`,
      `source <(echo "ls ${x}")`,
      `bash <(echo "ls ${x}")`,
      `bash -c "$(echo ${x})"`,
      `echo ${x} | xargs -I{} sh -c "ls {}"`,
    ])
      again('sh', text, 'shell');
    for (const text of [
      `ssh host ls ${x}`,
      `ssh host "ls ${x}"`,
      `ssh -p 22 -i key host -v -- ls ${x}`,
      `sshpass -e ssh host ls ${x}`,
      `ssh -o "ProxyCommand=nc ${x} 22" host`,
      `ssh host <<EOF\nls ${x}\nEOF`,
      `echo "ls ${x}" | ssh -T host`,
    ])
      again('sh', text, 'far');
    again('sh', `ssh host sudo bash -s <<EOF\nls ${x}\nEOF`, 'shell');
    again('sh', `ssh host 'sudo bash' <<EOF\nls ${x}\nEOF`, 'shell');
    for (const text of [
      `python3 -c "print('${x}')"`,
      `python3 <<EOF\nprint('${x}')\nEOF`,
      `node -e "console.log('${x}')"`,
      `perl -ne "print '${x}'" f`,
      `awk "{ print ${x} }" f`,
      `sed "s/a/${x}/" f`,
      `sed -n -e "s/a/b/" -e "${x}p" f`,
      `sed -i --expression="s/a/${x}/" f`,
      `kubectl exec p -- psql -U a -c "select ${x}"`,
      `psql -h db shop <<EOF\nselect ${x};\nEOF`,
      `echo "select ${x};" | mysql -u root shop`,
      `mysql -e "select ${x}"`,
      `sqlite3 f.db "select ${x}"`,
    ])
      again('sh', text, 'code');
    again('fish', `bash -c "ls ${x}"`, 'shell');
    again('fish', `echo "ls ${x}" | source`, 'shell');
    again('powershell', `Invoke-Expression "ls ${x}"`, 'shell');
    again('powershell', `pwsh -Command "ls ${x}"`, 'shell');

    for (const text of [
      `sh -c 'echo "$1"' - ${x}`,
      `ssh ${x}; ssh -p ${x} ${x}; ssh host -p ${x}`,
      `ssh host cat <<EOF > f\n${x}\nEOF`,
      `grep -c "${x}" bash; echo ${x} | grep bash`,
      `echo ${x} | tee f; bash f; cat <<< ${x}`,
      `curl "https://example.org/${x}/install.sh" | bash`,
      `echo ${x} | bash install.sh ${x}`,
      `echo "$(cat <<EOF\n${x}\nEOF\n)"; bash`,
      `if true; then echo ${x}; bash; fi`,
      `bash script.sh -c ${x}; python3 x.py -c ${x}; python3 -m http.server ${x}`,
      `kubectl exec -i p -- psql -h ${x} -v a=${x} <<'EOF'\nselect :'a';\nEOF`,
      `sed -e s/a/b/ ${x}; sed s/a/b/ ${x}; sqlite3 ${x}; psql -d ${x} ${x}; cat <<EOF | kubectl apply -f -\n${x}\nEOF`,
      'ssh host tail -n ${{ inputs.n }} "${{ inputs.b }}"',
    ]) {
      it(`not ${text}`, () => assert.deepEqual(fill('sh', text).told, []));
    }

    const asked = 'ssh <host> "ls <my-dir>"';
    const rows: readonly [dir: string | undefined, told: RegExp | undefined][] = [
      ['/srv/a-b_1.2', undefined],
      [undefined, /^4:\d+ warning `<my-dir>` is put into a command that a shell at the other end reads/],
      ['a; reboot', /^4:\d+ error `<my-dir>` is put into a command that a shell at the other end reads/],
    ];
    for (const [dir, expected] of rows) {
      it(`placeholders: only plain words, ${String(dir)}`, () => {
        const known = dir === undefined ? [] : ([['my-dir', dir]] as const);
        const { told: found } = fill('sh', asked, {
          ...values,
          values: new Map([['host', 'a b'], ...known]),
        });
        assert.equal(found.length, expected ? 1 : 0);
        if (expected) assert.match(found[0] ?? '', expected);
      });
    }

    it('choices that are plain words are safe', () => {
      const choice = { ...input('r', 'choice'), choices: ['eu', 'us'] };
      const given = { ...values, inputs: [choice], values: new Map([['r', 'eu']]) };
      assert.deepEqual(fill('sh', 'ssh host "ls ${{ inputs.r }}"', given).told, []);
      const wild = { ...given, inputs: [{ ...choice, choices: ['eu', '$(id)'] }] };
      assert.equal(fill('sh', 'ssh host "ls ${{ inputs.r }}"', wild).told.length, 1);
    });
  });

  it('tells what is used and which variables that takes', () => {
    const { used, variables } = fill(
      'fish',
      'echo ${{ inputs.version }} <pod name> ${{ secrets.TOKEN }} <pod name>',
    );
    assert.deepEqual(used, ['version', 'pod-name', 'TOKEN']);
    assert.deepEqual(variables, {
      HANDRAIL_INPUT_version: 'version',
      HANDRAIL_INPUT_pod_name: 'pod-name',
      TOKEN: 'TOKEN',
    });
  });

  it('leaves placeholders alone where it is told to', () => {
    assert.equal(fill('sh', 'echo <ns>', { ...values, placeholders: false }).text, 'echo <ns>');
  });

  it('tells the place in a list and in a console session', () => {
    const source = "1. > ```console\n   > $ a\n   > out\n   > $ b '${{ inputs.x }}'\n   > ```\n";
    const { diagnostics } = fillIn(parseRunbook(source).cells[0]!, values, source);
    const [{ line, column, span, cells } = assert.fail()] = diagnostics;
    assert.deepEqual([line, column, source.slice(span.start, span.end)], [4, 11, '${{ inputs.x }}']);
    assert.equal(cells?.length, 1);
  });

  it('tells the place in a file with CRLF', () => {
    const source = "# T\r\n\r\n```sh\r\na\r\nb '${{ inputs.x }}'\r\n```\r\n";
    const [{ line, column, span } = assert.fail()] = fillIn(
      parseRunbook(source).cells[0]!,
      values,
      source,
    ).diagnostics;
    assert.deepEqual([line, column, source.slice(span.start, span.end)], [5, 4, '${{ inputs.x }}']);
  });

  it('fills in guards, and tells their place', () => {
    const source = '```python {when="test ${{ inputs.x }}" unless=\'x "${{ inputs.nope }}"\'}\n```\n';
    const cell = parseRunbook(source).cells[0]!;
    assert.equal(fillInCommand('test ${{ inputs.x }}', cell, 'when', values).text, 'test "${x}"');
    const [{ line, column } = assert.fail()] = fillInCommand(
      'x "${{ inputs.nope }}"',
      cell,
      'unless',
      values,
    ).diagnostics;
    assert.deepEqual([line, column], [1, 40]);
  });

  it('takes the language that will run it', () => {
    const source = '---\nshell: fish\n---\n```sh\necho "${{ inputs.x }}y"\n```\n';
    assert.equal(fillIn(parseRunbook(source).cells[0]!, values, source, 'fish').text, 'echo """$x""y"\n');
  });

  it('knows no language that is called like something every object has', () => {
    for (const language of ['constructor', 'toString', '__proto__']) {
      const source = '```sh\necho ${{ inputs.x }}\n```\n';
      const { diagnostics } = fillIn(parseRunbook(source).cells[0]!, values, source, language);
      assert.match(diagnostics[0]?.message ?? '', /how a value is written in `\w+` is not known/);
    }
  });

  const hostile: readonly (readonly [what: string, tag: string, text: string])[] = [
    ['lines with a placeholder', 'sh', 'echo <a>\n'.repeat(20_000)],
    ['words with a placeholder', 'sh', `echo${' <a>'.repeat(20_000)}`],
    ['placeholders in one word', 'sh', `echo ${'<a>'.repeat(20_000)}`],
    ['placeholders in one string', 'sh', `echo "${'<a-b> '.repeat(20_000)}"`],
    ['tests that never end', 'sh', '[[ a <b> -eq '.repeat(20_000)],
    ['shells in one command', 'sh', `ssh${' bash -c "<a-b>"'.repeat(10_000)}`],
    ['pipes into shells', 'sh', 'echo <a> | bash | { '.repeat(10_000)],
    ['words for fish', 'fish', `echo${' <a>'.repeat(20_000)}`],
    ['classes that never end', 'js', '/['.repeat(40_000)],
    ['slashes', 'js', '(a) / [b] / '.repeat(20_000)],
  ];
  for (const [what, tag, text] of hostile) {
    it(`takes time that grows with ${what}, and no faster`, () => {
      fill(tag, `${text}\n\${{ inputs.n }}`);
    }).timeout(2500);
  }

  it('is quick with a large cell', () => {
    const text = 'echo "a" \'b\' ${{ inputs.x }} # c\n'.repeat(50_000);
    assert.equal(fill('sh', text).told.length, 0);
    assert.equal(fill('python', 'f("a", ${{ inputs.n }}) # c\n'.repeat(50_000)).told.length, 0);
  }).timeout(5000);
});
