import assert from 'node:assert/strict';
import { lexShell } from '../../../../agent/runbook/substitute/lexShell';
import type { ShellContext } from '../../../../agent/runbook/substitute/shellContext';

/** The contexts of each `@` in a text. */
function contextsIn(text: string): ShellContext[] {
  const { atoms } = lexShell(text, at => (text[at] === '@' ? 1 : 0));
  return atoms.map(({ context, computed }) => (computed ? 'arithmetic' : context));
}

function check(text: string, ...expected: ShellContext[]): void {
  it(JSON.stringify(text), () => assert.deepEqual(contextsIn(text), expected));
}

describe('lexShell', () => {
  describe('quotes', () => {
    check('echo @ a@b', 'bare', 'bare');
    check('echo "a @ b" @', 'double', 'bare');
    check("echo 'a @' @", 'single', 'bare');
    check("echo $'a\\'@' @", 'ansi', 'bare');
    check('echo $"a @" @', 'double', 'bare');
    check('echo \\@ \\\\@', 'bare');
    check('echo "\\@ \\\\@"', 'double');
    check("echo it\\'s @", 'bare');
    check('echo "it\'s @" @', 'double', 'bare');
    check('echo "a\n@\n" @', 'double', 'bare');
  });

  describe('comments', () => {
    check('echo # @\n@', 'comment', 'bare');
    check('echo a#@ ${#a} $#@', 'bare', 'bare');
    check("# it's @\necho @", 'comment', 'bare');
    check('a;# @\n@', 'comment', 'bare');
    check('`a # @` @', 'comment', 'bare');
  });

  describe('here-documents', () => {
    check("cat <<EOF\n@ '@' \"\nEOF\n@", 'heredoc', 'heredoc', 'bare');
    check("cat <<'EOF'\n@ $(@)\nEOF\n@", 'quoted-heredoc', 'quoted-heredoc', 'bare');
    check('cat <<"E F"\n@\nE F\n@', 'quoted-heredoc', 'bare');
    check('cat <<\\EOF\n@\nEOF\n@', 'quoted-heredoc', 'bare');
    check('cat <<-EOF\n\t@\n\tEOF\n@', 'heredoc', 'bare');
    check('cat <<EOF\n@\n\tEOF\n@\nEOF\n@', 'heredoc', 'heredoc', 'bare');
    check("cat <<A <<'B' @\n@\nA\n@\nB\n@", 'bare', 'heredoc', 'quoted-heredoc', 'bare');
    check('cat <<EOF | sed @ > @\n@\nEOF\n@', 'bare', 'bare', 'heredoc', 'bare');
    check('a=$(cat <<EOF\n@ $(echo @)\nEOF\n)@', 'heredoc', 'bare', 'bare');
    check('a="$(cat <<EOF\n@\nEOF\n) @"', 'heredoc', 'double');
    check('cat <<< @ <<<"@"', 'bare', 'double');
    check('cat <<EOF\n@', 'heredoc');
    check('echo $((1<<2)) @\n@', 'bare', 'bare');
  });

  describe('expansions', () => {
    check('echo $(echo "@" @) @', 'double', 'bare', 'bare');
    check('echo "$(echo "@" @) @"', 'double', 'bare', 'double');
    check('echo `echo "@" @` @', 'double', 'bare', 'bare');
    check('echo "`echo \\"@\\"`" @', 'unknown', 'bare');
    check('echo "${a:-@}" ${a:-@} ${a:-"@"}', 'double', 'bare', 'double');
    check('echo "${a#@}" ${a#@} ${a/@/"@"}', 'expansion', 'bare', 'bare', 'double');
    check('echo "${a:-"@"}" ${a[@]} ${a:@:@}', 'unknown', 'unknown', 'arithmetic', 'arithmetic');
    check("echo ${a:-'@'}", 'single');
    check('cat <<E\n${a:-@}${a#@}\nE\n', 'heredoc', 'expansion');
    check('cat <(echo @) >(echo "@")', 'bare', 'double');
    check('a=(@ "@") @', 'bare', 'double', 'bare');
  });

  describe('arithmetic', () => {
    check('echo $((@ + (1 * @))) @', 'arithmetic', 'arithmetic', 'bare');
    check('((i = @)) ; @', 'arithmetic', 'bare');
    check('for ((i=@;i<@;i++)); do @; done', 'arithmetic', 'arithmetic', 'bare');
    check('$((echo @); echo @) @', 'bare', 'bare', 'bare');
    check('((echo @); echo @) ; @', 'bare', 'bare', 'bare');
    check('echo $[@ + 1] @', 'arithmetic', 'bare');
    check('let x=@', 'arithmetic');
    check('let "x=@"', 'arithmetic');
    check('[[ @ -eq 1 ]] ; @', 'arithmetic', 'bare');
    check('[[ "@" -gt 1 && a == "@" ]]', 'arithmetic', 'arithmetic');
    check('if [[ a == @ ]]; then @; fi', 'bare', 'bare');
    check('[ @ -eq 1 ]', 'bare');
    check('[ -v @ ] || test -v @', 'arithmetic', 'arithmetic');
    check('declare -i n=@', 'arithmetic');
    check('declare n=@ @', 'bare', 'arithmetic');
    check('export n=@ n="@"', 'bare', 'double');
    check('unset @; read @; read -p @ a', 'arithmetic', 'arithmetic', 'bare');
    check('printf -v @ x; set -A @ 1', 'arithmetic', 'arithmetic');
    check('a[@]=1; a["@"]+=1; a=([@]=@ x)', 'arithmetic', 'arithmetic', 'arithmetic', 'bare');
    check('export "n=@" "@" "a[@]=1"', 'double', 'arithmetic', 'arithmetic');
    check('ls a[@] [@]; [ @ = "@" ]', 'bare', 'bare', 'bare', 'double');
  });

  describe('structure', () => {
    check('case @ in @) @ ;; "@") @;; esac; @', 'bare', 'bare', 'bare', 'double', 'bare', 'bare');
    check('a=$(case a in a) @;; esac) "@"', 'bare', 'double');
    check('f() { @; }; (cd @) @', 'bare', 'bare', 'bare');
    check('a=$(b "$(c "@")") "@"', 'double', 'double');
    check('echo ) @ "@"', 'bare', 'double');
  });

  it('tells the context of any place', () => {
    const { contextAt } = lexShell('a "b" \'c\' # d', () => 0);
    const found = [0, 3, 7, 12].map(contextAt);
    assert.deepEqual(found, ['bare', 'double', 'single', 'comment']);
  });

  it('tells command and words of an atom', () => {
    const text = 'sudo sh -c "x @" --a=@';
    const { atoms } = lexShell(text, at => (text[at] === '@' ? 1 : 0));
    assert.deepEqual(
      atoms.map(({ command, before, word }) => ({ command, before, word })),
      [
        { command: 'sh', before: '-c', word: '"x ' },
        { command: 'sh', before: '"x @"', word: '--a=' },
      ],
    );
  });

  it('reads hostile text in time that grows with it', () => {
    for (const piece of ['$((', '$(', '"$(', '${a:-', '`', '((', "'", '<<A\n', '[[ ', '$[', '"`\\"']) {
      const text = `${piece.repeat(20_000)}@`;
      const { atoms } = lexShell(text, at => (text[at] === '@' ? 1 : 0));
      assert.ok(atoms.length <= 1, piece);
    }
  }).timeout(5000);
});
