import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../agent/executors/programs';
import { createHarness, type Harness } from './harness';

/** What is between two words that are sought in all that is kept. */
const values: Readonly<Record<string, string>> = {
  plain: '',
  'a space': ' ',
  quotes: `it's "so"`,
  'what shells expand': '$HOME `id` ${x} $(id)',
  'back slashes': '\\a\\\\b\\',
  lines: '\n\nb\n',
  'control characters': '\t\x1b[1m\x01\x7f',
  'letters of other languages': 'é ü 秘密 🔑',
  'both in one': 'é\n\'"\\$',
  'what shells match': '*?[a-z]{1,2}~!#;&|<>()^%=,',
};

interface Shell {
  readonly language: string;
  readonly program: string;
  /** Keeps $TOKEN in all the ways that the shell has. */
  readonly keep: string;
  /** Shows it again, each part ended by a bar. */
  readonly show: string;
  readonly shown: (value: string) => string;
}

const shells: Readonly<Record<string, Shell>> = {
  bash: {
    language: 'bash',
    program: 'bash',
    keep: `V="a-$TOKEN-b"; export E="$TOKEN x"; A=(1 "b $TOKEN"); declare -A M=(["$TOKEN"]="$TOKEN")
eval "f() { printf %s $(printf %q "$TOKEN"); }"; eval "g() { printf %s '\${TOKEN//\\'/\\'\\\\\\'\\'}'; }"
alias al="echo \${TOKEN@Q}"; set -- "$TOKEN" 2; cd /`,
    show: `printf '%s|' "$V" "$E" "\${A[1]}" "\${!M[@]}" "\${M[@]}" "$1" "$(f)" "$(g)"; eval "al2=\${BASH_ALIASES[al]#echo }"; printf '%s|' "$al2"`,
    shown: v =>
      [`a-${v}-b`, `${v} x`, `b ${v}`, v, v, v, trimmed(v), trimmed(v), v].map(part => `${part}|`).join(''),
  },
  zsh: {
    language: 'zsh',
    program: 'zsh',
    keep: `V="a-$TOKEN-b"; export E="$TOKEN x"; A=(1 "b $TOKEN"); typeset -A M; M=(k "$TOKEN")
eval "f() { printf %s \${(q)TOKEN}; }"; alias al="echo \${(qq)TOKEN}"`,
    show: `printf '%s|' "$V" "$E" "$A[2]" "$M[k]" "$(f)" "\${(Q)aliases[al]#echo }"`,
    shown: v => [`a-${v}-b`, `${v} x`, `b ${v}`, v, trimmed(v), v].map(part => `${part}|`).join(''),
  },
  fish: {
    language: 'fish',
    program: 'fish',
    keep: `set -g V "a-$TOKEN-b"; set -gx E "$TOKEN x"; set -g A 1 "b $TOKEN"
eval "function f; printf %s "(string escape -- $TOKEN | string collect)"; end"`,
    show: `printf '%s|' $V $E $A[2] (f | string collect -N)`,
    shown: v => [`a-${v}-b`, `${v} x`, `b ${v}`, v].map(part => `${part}|`).join(''),
  },
  'a POSIX sh': {
    language: 'bash',
    program: 'dash',
    keep: `V="a-$TOKEN-b"; export E="$TOKEN x"`,
    show: `printf '%s|' "$V" "$E"`,
    shown: v => [`a-${v}-b`, `${v} x`].map(part => `${part}|`).join(''),
  },
};

/** What a command substitution leaves of it. */
function trimmed(text: string): string {
  return text.replace(/\n+$/, '');
}

for (const [name, shell] of Object.entries(shells)) {
  describe(`secrets in cells of ${name}`, () => {
    let harness: Harness;
    let programs: string;

    before(async function () {
      const program = findProgram(shell.program, process.env['PATH'], '/');
      if (program === undefined) return this.skip();
      programs = await mkdtemp(join(tmpdir(), 'handrail-shell-'));
      await symlink(program, join(programs, shell.program === 'dash' ? 'sh' : shell.language));
      for (const tool of ['cat', 'tr'])
        await symlink(findProgram(tool, process.env['PATH'], '/') ?? tool, join(programs, tool));
    });
    after(() =>
      programs === undefined
        ? undefined
        : rm(programs, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
    );
    beforeEach(async () => void (harness = await createHarness({ PATH: programs })));
    afterEach(() => harness.close());

    const run = (text: string, secrets = new Map<string, string>()) =>
      harness.run({ language: shell.language, text, secrets, strict: false });

    for (const [what, middle] of Object.entries(values)) {
      it(`keep placeholders for one with ${what}, and get it back`, async () => {
        const value = `S3cr3t${middle}T4il`;
        const secrets = new Map([['TOKEN', value]]);
        const seen = await run(
          `printf '%s' "$TOKEN"; ${inFiles(harness, shell.language)}\n${shell.keep}`,
          secrets,
        );
        assert.deepEqual([seen.out, seen.err], [value, '']);
        const kept = saved(harness);
        assert.ok(!/S3cr3t|T4il/.test(kept), kept);
        assert.deepEqual(filesOf(harness), []);
        const again = await run(shell.show);
        assert.deepEqual([again.out, again.err], [shell.shown(value), '']);
        assert.equal((await run(own(shell.language))).out, 'none');
        assert.ok(!/S3cr3t|T4il/.test(saved(harness)));
      });
    }

    it('hide one whose letters the locale does not know', async function () {
      // fish itself changes them.
      if (shell.program === 'fish') return this.skip();
      await harness.close();
      harness = await createHarness({ PATH: programs, LC_ALL: 'C' });
      const value = 'S3cr3té\x80\u{9b}T4il';
      await run(shell.keep.replace(/\neval.*/s, ''), new Map([['TOKEN', value]]));
      assert.ok(!/S3cr3t|T4il/.test(saved(harness)));
      const show = shell.show.replace(/"\$1".*|"?(?:\$\(f|\(f |\$\{\(Q).*/, '');
      assert.ok(shell.shown(value).startsWith((await run(show)).out));
    });

    it('put a new value in the place of the old one', async () => {
      await run(shell.keep, new Map([['TOKEN', 'first-one']]));
      const other = `it's "new" $HOME \\`;
      harness.session.protect(new Map([['TOKEN', other]]));
      const again = await run(shell.show.replace(/ "\$\(f\)".*| \(f.*/, ''));
      assert.ok(shell.shown(other).startsWith(again.out) && again.out.includes(other), again.out + again.err);
    });
  });
}

/** Prints whatever files and command lines hold of it. */
function inFiles(harness: Harness, language: string): string {
  const files = `cat ${join(harness.folder, 'runtime')}/*/* /proc/self/cmdline`;
  const own = language === 'fish' ? '/proc/$fish_pid/cmdline' : '/proc/$$/cmdline';
  return language === 'fish'
    ? `string match -q '*S3''cr3t*' -- (${files} ${own} | tr '\\0' ' ')`
    : `case "$(${files} ${own} | tr '\\0' ' ')" in *S3''cr3t*) echo FOUND;; esac`;
}

function own(language: string): string {
  return language === 'fish'
    ? 'if set -q TOKEN; printf some; else; printf none; end'
    : 'printf %s "${TOKEN-none}"';
}

function saved(harness: Harness): string {
  const path = join(harness.folder, 'saved');
  harness.session.save(path);
  return readFileSync(path, 'utf8').replace(/^.*\n/, '');
}

function filesOf(harness: Harness): string[] {
  return readdirSync(join(harness.folder, 'runtime', 'session-1'));
}
