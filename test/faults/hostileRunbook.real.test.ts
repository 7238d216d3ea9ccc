import * as assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Place } from '../agent/cli/handrail';
import { detach, shown, states } from './scene';

/** Whatever a file holds, to look at it and to run it takes no longer. Milliseconds. */
const deadline = 5000;

const fine = '```sh {name=fine}\necho fine\n```\n';
const yaml = (lines: string): string => `---\n${lines}\n---\n${fine}`;
const many = (text: string, times: number): string => text.repeat(times);

describe('fault 13: a hostile runbook', function () {
  this.timeout(40_000);

  /** Runs a command that has to end in time and without a trace of ours. */
  async function inTime(place: Place, ...args: string[]): ReturnType<Place['run']> {
    const began = performance.now();
    const child = place.start(args);
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), deadline);
    const ended = await child.ended;
    clearTimeout(timer);
    const what = `${args.join(' ')}: ${Math.round(performance.now() - began)} ms, ${ended.stderr.slice(0, 500)}`;
    assert.equal(ended.signal, null, what);
    assert.ok([0, 1, 2, 3].includes(ended.code ?? -1), what);
    assert.ok(!/^\s+at \S+ \(|A bug in Handrail|Maximum call stack|heap/m.test(ended.stderr), what);
    return ended;
  }

  const bomb = Array.from({ length: 30 }, (_, at) => {
    const refers = many(`*a${at - 1},`, 9);
    return `a${at}: &a${at} [${at === 0 ? 'x' : refers}]`;
  }).join('\n');
  const pieces: [what: string, text: string][] = [
    ['100,000 nested lists in YAML', yaml(`inputs: ${many('[', 100_000)}`)],
    [
      '10,000 nested maps in YAML',
      yaml(Array.from({ length: 10_000 }, (_, at) => `${' '.repeat(Math.min(at, 300))}a:`).join('\n')),
    ],
    ['an alias bomb', yaml(`${bomb}\ninputs: *a29`)],
    ['an alias bomb where values are meant', yaml(`${bomb}\nenv: {A: *a29}\ninputs: {a: {choices: *a29}}`)],
    ['a YAML that holds itself', yaml('inputs: &a {x: *a}\nenv: &b [*b]')],
    ['4 MB of YAML', yaml(Array.from({ length: 200_000 }, (_, at) => `k${at}: {a: [1, 2]}`).join('\n'))],
    ['10,000 keys in YAML', yaml(Array.from({ length: 10_000 }, (_, at) => `k${at}: 1`).join('\n'))],
    ['nested JSON and TOML', `---\n${many('{"a":', 50_000)}1${many('}', 50_000)}\n---\n${fine}`],
    [
      'TOML with deep tables',
      `+++\n[${Array.from({ length: 20_000 }, () => 'a').join('.')}]\nx = ${many('[', 50_000)}\n+++\n${fine}`,
    ],
    ['100,000 nested quotes', `${many('>', 100_000)}\n\n${fine}`],
    [
      '10,000 nested lists',
      `${fine}\n${Array.from({ length: 10_000 }, (_, at) => `${'  '.repeat(Math.min(at, 200))}- a`).join('\n')}\n`,
    ],
    [
      'brackets, stars, backticks and links without an end',
      `${many('[', 50_000)}${many('*a_', 50_000)}${many('`', 20_001)}${many('[a](', 20_000)}\n\n${fine}`,
    ],
    ['a heading of 1 MB', `# ${many('a b ', 250_000)}\n\n${fine}`],
    [
      'an info string of 1 MB',
      `\`\`\`sh {name=${many('x', 500_000)} ${many('a=b ', 100_000)}}\ntrue\n\`\`\`\n${fine}`,
    ],
    [
      'JSON attributes nested 50,000 deep',
      `\`\`\`sh {"a":${many('[', 50_000)}${many(']', 50_000)}}\ntrue\n\`\`\`\n${fine}`,
    ],
    ['attributes that never end', `\`\`\`sh {a="${many('\\\\"', 100_000)}\ntrue\n\`\`\`\n${fine}`],
    ['5,000 cells', many('```sh\ntrue\n```\n\n', 5_000) + fine],
    [
      '1,000 cells that need all before',
      Array.from(
        { length: 1000 },
        (_, at) =>
          `\`\`\`sh {name=c${at} exclude needs=${Array.from({ length: Math.min(at, 50) }, (_, to) => `c${at - to - 1}`).join(',')}}\ntrue\n\`\`\`\n`,
      ).join('\n') + fine,
    ],
    [
      'cells that need each other',
      '```sh {name=a exclude needs=b}\ntrue\n```\n```sh {name=b exclude needs=a}\ntrue\n```\n' + fine,
    ],
    [
      '200,000 half placeholders',
      `\`\`\`sh {name=p exclude}\n${many('echo <a <b {{c {{', 50_000)}\n\`\`\`\n${fine}`,
    ],
    [
      'quotes without an end',
      `\`\`\`sh {name=q exclude}\n${many(`echo "$(echo '\${a:-"`, 20_000)}\n\`\`\`\n${fine}`,
    ],
    [
      'patterns that take for ever',
      yaml(
        `inputs:\n  a: {type: string, pattern: '^(a+)+$', default: '${many('a', 40)}!'}\n  b: {type: string, pattern: '(x+x+)+y', default: '${many('x', 60)}'}`,
      ),
    ],
    ['nothing but NUL', many('\0', 1_000_000) + '\n' + fine],
  ];
  for (const [what, text] of pieces) {
    it(`with ${what}: planned and run in time, or refused`, async () => {
      await using place = await Place.make({ 'a.md': text });
      await inTime(place, 'run', '--dry-run', 'a.md', 'fine');
      const { code, stdout, stderr } = await inTime(place, 'run', 'a.md', 'fine');
      assert.ok(
        code === 0 ? stdout === 'fine\n' : stdout === '' && /a\.md/.test(stderr),
        `${code} ${stdout} ${stderr.slice(0, 500)}`,
      );
    });
  }

  it('with names that are commands for a shell: none is run', async () => {
    const evil = [
      '$(touch pwned)',
      '`touch pwned`',
      "'; touch pwned; '",
      '"; touch pwned; "',
      '; touch pwned #',
      '| touch pwned',
      '&& touch pwned',
      '%0Atouch pwned',
      '-rf',
      '--help',
      '../../pwned',
      '${IFS}',
    ];
    const cells = evil.map((name, at) => {
      const json = {
        name,
        tags: name,
        lock: name,
        [name]: name,
        mime: name,
      };
      return `# ${name}\n\n\`\`\`sh ${JSON.stringify(json)}\necho "${at}"; env | grep -c ^HANDRAIL_STEP >/dev/null\n\`\`\`\n`;
    });
    const front = `title: ${JSON.stringify(evil.join(' '))}\nenv: ${JSON.stringify({ EVIL: evil.join('\n') })}\ninputs: ${JSON.stringify({ a: { type: 'string', default: evil.join(' '), description: evil[0] } })}`;
    const text = `---\n${front}\n---\n${cells.join('\n')}\n\`\`\`sh {name=last}\nprintf '%s\\n' "$EVIL" | wc -l; printf %s "\${{ inputs.a }}" | wc -c\n\`\`\`\n`;
    await using place = await Place.make();
    const folder = `it's "a" $(touch pwned) folder; touch pwned`;
    const file = `it's $(touch pwned) \`touch pwned\` "a"\n; touch pwned.md`;
    mkdirSync(join(place.path, folder));
    writeFileSync(join(place.path, folder, file), text);
    const path = join(folder, file);
    for (const args of [
      ['list', path],
      ['run', '--dry-run', path],
      ['run', path],
      ['show', 'last'],
      ['report', 'last'],
      ['runs'],
    ]) {
      const { code, stderr } = await inTime(place, ...args);
      assert.equal(code, 0, `${args.join(' ')} ${stderr}`);
    }
    const run = await detach(place, path);
    assert.equal((await inTime(place, 'attach', run)).code, 0);
    assert.ok(states(await shown(place, run)).every(state => state.endsWith(' passed')));
    assert.match(
      await place.run(['show', run, '--output', 'last']).then(({ stdout }) => stdout),
      /^12\n\d+$/m,
    );
    const found = await readdir(place.path, { recursive: true });
    assert.deepEqual(
      found.filter(name => /(^|\/)pwned$/.test(name)),
      [],
    );
  });

  it('with names that every object has: they are names as any other', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf'];
    const map = (value: string, all = names): string => all.map(name => `  ${name}: ${value}`).join('\n');
    const attributes = ['__proto__', ...names].map(name => `${name}=x`).join(' ');
    const cells = names.map((name, at) => {
      const needs = at === 0 ? '' : ` needs=${names[at - 1] ?? ''}`;
      return `\`\`\`sh {name=${name} tags=${name} lock=${name} ${attributes}${needs} output=OUT_${name}}\nprintf "$${name} "\n\`\`\`\n`;
    });
    const text = [
      '---\ninputs:',
      map('{type: string, default: given}'),
      `env:\n${map('x', ['__proto__'])}`,
      'secrets:\n  prototype_: env:GIVEN\ndefaults:\n  __proto__: {background: true}\n  constructor: x\n---',
      ...cells,
      '```sh {name=__proto__ needs=valueOf}\necho "${{ inputs.toString }} $OUT_valueOf $__proto__"\n```\n',
    ].join('\n');
    await using place = await Place.make({ 'a.md': text });
    assert.equal((await inTime(place, 'list', '--json', 'a.md')).code, 0);
    assert.equal((await inTime(place, 'run', '--dry-run', '--jsonl', 'a.md')).code, 0);
    const { code, stdout, stderr } = await inTime(place, 'run', 'a.md', '--input', 'toString=own');
    assert.deepEqual([code, stdout], [0, 'given own given given given own given  x\n'], stderr);
    const unknown = [
      ['run', 'a.md', 'isPrototypeOf'],
      ['run', 'a.md', '--tag', 'propertyIsEnumerable'],
      ['run', 'a.md', '--input', 'isPrototypeOf=1'],
      ['run', 'a.md', '--input', '__proto__=1'],
      ['show', '__proto__'],
    ];
    for (const args of unknown) assert.equal((await inTime(place, ...args)).code, 2, args.join(' '));
  });

  it('with NUL characters where programs take none: said as a mistake of the file', async () => {
    const nul = 'a\0b';
    const front = { env: { A: nul, [nul]: 'x' }, inputs: { i: { default: nul } }, shell: nul };
    const places = [
      { cwd: nul },
      { interpreter: nul },
      { env: `A=${nul}` },
      { when: nul },
      { name: nul, lock: nul },
    ];
    const cells = places.map(
      (info, at) => `\`\`\`sh ${JSON.stringify({ name: `c${at}`, ...info })}\necho "at ${at}"\n\`\`\`\n`,
    );
    await using place = await Place.make({
      'a.md': cells.join('\n'),
      'b.md': `---\n${JSON.stringify(front)}\n---\n${fine}\n\`\`\`python {name=py}\nprint("fine")\n\`\`\`\n`,
    });
    for (const [at] of places.entries()) {
      const { stdout } = await inTime(place, 'run', 'a.md', String(at + 1));
      assert.ok(['', `at ${at}\n`].includes(stdout), stdout);
    }
    for (const cell of ['fine', 'py']) {
      const { stdout } = await inTime(place, 'run', 'b.md', cell);
      assert.ok(['', 'fine\n'].includes(stdout), stdout);
    }
  });

  it('with escapes for the terminal wherever we repeat its words: none reaches it', async () => {
    const codes = [
      '\x1b]0;title\x07',
      '\x1b]52;c;cHduZWQ=\x07',
      '\x1b[2J',
      '\x9b31m',
      '\x08\x08',
      '\r',
      '\x1bP$q\x1b\\',
      '\x7f',
      '\x00',
      '\x0b',
    ];
    const evil = `a${codes.join('b')}z`;
    const quoted = JSON.stringify(evil);
    const front = `title: ${quoted}\ndescription: ${quoted}\ntags: [${quoted}]\ninputs:\n  a: {type: choice, choices: [${quoted}], description: ${quoted}}\n  b: {type: string, pattern: ${quoted}, default: x}\nrequires:\n  probe: {command: "false", help: ${quoted}}\n`;
    const info = JSON.stringify({
      name: evil,
      confirm: evil,
      timeout: evil,
      tags: evil,
      needs: evil,
      cwd: evil,
      lock: evil,
      target: evil,
      [evil]: evil,
    });
    const good = JSON.stringify({ name: `one ${evil}`, tags: evil, lock: evil, confirm: evil });
    const wrong = `---\n${front}---\n# ${evil}\n\n\`\`\`sh ${info}\ntrue\n\`\`\`\n`;
    const right = `---\ntitle: ${quoted}\n---\n# ${evil.replaceAll('\r', '')}\n\n\`\`\`sh ${good}\necho fine; exit 3\n\`\`\`\n`;
    const file = `f${evil.replaceAll('\0', '').replaceAll('\r', '')}.md`;
    await using place = await Place.make({ 'wrong.md': wrong, [file]: right });
    const commands = [
      ['list'],
      ['run', '--dry-run', 'wrong.md'],
      ['run', '--yes', 'wrong.md'],
      ['run', 'wrong.md', evil.replaceAll('\0', '')],
      ['run', '--input', `a=${evil.replaceAll('\0', '')}`, 'wrong.md'],
      ['run', '--dry-run', file],
      ['run', file],
      ['run', '--yes', file],
      ['run', '-q', '--yes', file],
      ['runs'],
      ['show', 'last'],
      ['show', evil.replaceAll('\0', '')],
      ['diff', 'last', 'last'],
      ['resume', 'last'],
      ['resume', '--yes', 'last'],
      ['audit'],
      ['report', 'last'],
      ['report', 'last', '--format', 'html'],
      ['report', 'last', '--format', 'junit'],
      ['runs', '--json'],
      ['run', '--yes', '--jsonl', file],
    ];
    for (const args of commands) {
      const { stdout, stderr } = await inTime(place, ...args);
      const data = args.some(arg => arg.startsWith('--json'));
      // In JSON the upper ones are data for a program.
      const found = (data ? /[\x00-\x08\x0b-\x1f]/ : /[\x00-\x08\x0b-\x1f\x7f-\x9f]/).exec(stdout + stderr);
      const around =
        found && JSON.stringify((stdout + stderr).slice(Math.max(0, found.index - 60), found.index + 40));
      assert.equal(around, null, args.join(' '));
    }
    const run = await inTime(place, 'run', '--yes', file);
    assert.deepEqual([run.code, run.stdout], [1, 'fine\n'], run.stderr);
  });
});
