import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellSpec, Ending } from '../../../agent/executors/executor';
import { createHarness, type Harness, until } from './harness';

interface Case {
  readonly text: string;
  readonly out?: string;
  readonly err?: RegExp;
  readonly ending?: Partial<Ending>;
  readonly spec?: Partial<CellSpec>;
}

/** Cells that run one after the other in one session. */
const cells: Record<'python' | 'node', Record<string, Case>> = {
  python: {
    'show the last value': { text: 'x = 1\nx + 1', out: '2\n' },
    'show no value where stdout is used': {
      text: 'import sys; sys.stdout.write("abc\\n")',
      out: 'abc\n',
      spec: { exact: true },
    },
    'show no None': { text: 'print("a")', out: 'a\n' },
    'remember what was set': { text: 'def f():\n    return 1 / y\nx', out: '1\n' },
    'name the file and the line': {
      text: '\nf()',
      err: /^Traceback \(most recent call last\):\n {2}File "\/docs\/book.md", line 12, in <module>\n {4}f\(\)\n[^]*NameError: .*\n$/,
      ending: { exit: 1, failedLine: 2 },
    },
    'name the line of a syntax error': {
      text: 'x\nx ===',
      err: /line 12\n[^]*SyntaxError/,
      ending: { exit: 1, failedLine: 2 },
    },
    'end with exit': { text: 'exit(3)', ending: { reason: 'exit', exit: 3 } },
    'go on after exit': { text: 'x', out: '1\n' },
    'have no input': { text: 'input()', err: /EOFError/, ending: { exit: 1 } },
    'know their arguments': { text: 'import sys; sys.argv', out: "['/docs/book.md']\n" },
    'can await': { text: 'import asyncio\nawait asyncio.sleep(0.01)\n"done"', out: "'done'\n" },
    'can pickle what they define': {
      text: 'import pickle\nclass C: pass\nlen(pickle.dumps(C())) > 0',
      out: 'True\n',
    },
    'print on both streams': {
      text: 'import sys; print("e", file=sys.stderr); print("o")',
      out: 'o\n',
      err: /^e\n$/,
    },
    'print what programs print, in order': {
      text: 'import subprocess\nprint(1)\n_ = subprocess.run(["echo", "2"])\nprint(3)',
      out: '1\n2\n3\n',
    },
    'may fork': { text: 'import os\nif os.fork() == 0: print("child")\nelse: _ = os.wait()', out: 'child\n' },
    'may close stdout': { text: 'sys.stdout.close()' },
    'print after that': { text: 'print("again")', out: 'again\n' },
    'print without a last newline': { text: 'print("a" * 70000, end="")', out: 'a'.repeat(70000) },
    'end with a crash': { text: 'os.kill(os.getpid(), 11)', ending: { reason: 'signal', signal: 'SIGSEGV' } },
    'begin anew after it and say so': {
      text: 'x',
      err: /^python had ended \(SIGSEGV\); this is a new one[^]*NameError/,
      ending: { exit: 1 },
    },
  },
  node: {
    'show the last value': { text: 'const x = { a: 1 };\nx', out: '{ a: 1 }\n' },
    'may declare again': { text: 'const x = 2; class K {}\nx', out: '2\n' },
    'show no value where stdout is used': {
      text: 'process.stdout.write("abc\\n")',
      out: 'abc\n',
      spec: { exact: true },
    },
    'show no undefined': { text: 'console.log("a")', out: 'a\n' },
    'name the file and the line': {
      text: 'function g() {\n  null.x;\n}\ng()',
      err: /^Uncaught TypeError: .*\n {4}at g \(\/docs\/book.md:12:8\)\n {4}at \/docs\/book.md:14:1\n$/,
      ending: { exit: 1, failedLine: 2 },
    },
    'name the line of a syntax error': {
      text: 'x\nx = = 1',
      err: /book.md:12\n.*SyntaxError/,
      ending: { exit: 1, failedLine: 2 },
    },
    'can await': { text: 'await new Promise(r => setTimeout(r, 10)); 3', out: '3\n' },
    'wait for what they started': { text: 'setTimeout(() => console.log("late"), 50)', out: 'late\n' },
    'show what a promise brings': { text: '(async () => "p")()', out: "'p'\n" },
    'fail with a rejection': {
      text: 'void Promise.reject(new Error("r"))',
      err: /Uncaught Error: r\n/,
      ending: { exit: 1 },
    },
    'fail late': {
      text: 'setTimeout(() => { throw new Error("t") }, 10)',
      err: /Error: t/,
      ending: { exit: 1 },
    },
    'may import': {
      text: 'import path, { sep as s } from "node:path";\nimport * as os from "os";\n[path.sep === s, typeof os.EOL, typeof require("fs").statSync]',
      out: "[ true, 'string', 'function' ]\n",
    },
    'may import within': { text: '(await import("node:path")).sep', out: "'/'\n" },
    'end with exit': { text: 'process.exit(4)', ending: { reason: 'exit', exit: 4 } },
    'go on after exit': { text: 'x', out: '2\n' },
    'leave a server': { text: 'const s = require("http").createServer().listen(0); undefined', out: '' },
    'end with a crash': {
      text: 'process.kill(process.pid, "SIGKILL")',
      ending: { reason: 'signal', signal: 'SIGKILL' },
    },
    'begin anew after it and say so': { text: 'x', err: /^node had ended \(SIGKILL\)/, ending: { exit: 1 } },
  },
};

for (const language of ['python', 'node'] as const) {
  describe(`${language} cells`, () => {
    let harness: Harness;
    before(async () => void (harness = await createHarness()));
    after(() => harness.close());

    for (const [what, { text, out, err, ending, spec }] of Object.entries(cells[language])) {
      it(what, async () => {
        const outcome = await harness.run({ language, text, ...spec });
        if (err === undefined) assert.equal(outcome.err, '');
        else assert.match(outcome.err, err);
        if (out !== undefined) assert.equal(outcome.out, out);
        for (const [key, value] of Object.entries({
          exit: 0,
          ...(ending?.signal && { exit: undefined }),
          ...ending,
        })) {
          assert.equal(outcome.ending[key as keyof Ending], value, JSON.stringify(outcome.ending));
        }
      });
    }
  });
}

const endless = { python: 'print("READY")\nwhile True: pass', node: 'console.log("READY"); while (true) {}' };
const values = { python: ['v = 7', 'v'], node: ['var v = 7', 'v'] };
const input = {
  python: 'import sys\nprint(sys.stdin.isatty())\n"<" + input("? ") + ">"',
  node: 'process.stdin.once("data", d => { console.log(`<${String(d).trim()}>`); process.stdin.pause(); }); console.log("? ");',
};

describe('live interpreters', () => {
  for (const language of ['python', 'node'] as const) {
    it(`${language} outlives an endless cell that is stopped`, async () => {
      const harness = await createHarness();
      await harness.run({ language, text: values[language][0] ?? '' });
      const outcome = await harness.run({ language, text: endless[language] }, (execution, printed) => {
        void until(() => printed().includes('READY')).then(() => execution.stop('cancel'));
      });
      assert.equal(outcome.ending.reason, 'cancel');
      assert.equal((await harness.run({ language, text: values[language][1] ?? '' })).out, '7\n');
      await harness.close();
    });

    it(`${language} reads from a terminal`, async () => {
      const harness = await createHarness();
      const terminal = { columns: 80, rows: 24 };
      const outcome = await harness.run(
        { language, text: input[language], terminal },
        (execution, printed) => {
          void until(() => printed().includes('? ')).then(() => execution.write(Buffer.from('hi\r')));
        },
      );
      assert.match(outcome.out, /<hi>/, JSON.stringify(outcome));
      await harness.close();
    });
  }

  it('pass variables and the folder on to each other', async () => {
    const harness = await createHarness();
    await harness.run({ language: 'node', text: 'process.env.N = "n"; process.chdir("/usr")' });
    await harness.run({
      language: 'python',
      text: 'import os; os.environ["P"] = os.environ["N"] + "p"; os.chdir("bin")',
    });
    assert.equal((await harness.run({ text: 'echo $P $PWD; unset P' })).out, 'np /usr/bin\n');
    assert.equal(
      (await harness.run({ language: 'node', text: 'process.env.P ?? process.cwd()' })).out,
      "'/usr/bin'\n",
    );
    await harness.close();
  });

  const seen = {
    python:
      'import os; print(os.environ.get("TOKEN")); open("/proc/self/environ").read().count("tell-nobody")',
    node: 'console.log(process.env.TOKEN); require("fs").readFileSync("/proc/self/environ", "utf8").split("tell-nobody").length - 1',
  };
  for (const language of ['python', 'node'] as const) {
    it(`${language} has a secret for one cell only`, async () => {
      const harness = await createHarness();
      const secrets = new Map([['TOKEN', 'tell-nobody']]);
      assert.equal((await harness.run({ language, text: seen[language], secrets })).out, 'tell-nobody\n0\n');
      assert.match((await harness.run({ language, text: seen[language] })).out, /^(None|undefined)\n0\n$/);
      const keep = {
        python: 'os.environ["URL"] = "u:" + os.environ["TOKEN"]',
        node: 'process.env.URL = "u:" + process.env.TOKEN',
      };
      await harness.run({ language, text: keep[language], secrets });
      harness.session.save(join(harness.folder, 'saved'));
      assert.ok(!readFileSync(join(harness.folder, 'saved'), 'utf8').includes('nobody'));
      assert.equal((await harness.run({ text: 'echo $URL ${TOKEN-none}' })).out, 'u:tell-nobody none\n');
      await harness.close();
    });

    it(`${language} that does not begin is ended`, async () => {
      const harness = await createHarness({}, { interpreterStart: 300 });
      const program = join(harness.folder, language === 'python' ? 'python3' : 'node');
      await writeFile(program, '#!/bin/sh\nwhile :; do sleep 0.05; done\n', { mode: 0o700 });
      harness.session.assign(new Map([['PATH', `${harness.folder}:${process.env['PATH']}`]]));
      const { ending } = await harness.run({ language, text: '1' });
      assert.equal(ending.reason, 'error');
      assert.match(ending.message ?? '', /had not begun after 0\.3 s, so it was ended\. See whether/);
      await harness.close();
    });
  }

  it('lose what they have when a cell writes to their line, and nobody waits', async () => {
    const harness = await createHarness();
    const { ending } = await harness.run({
      language: 'python',
      text: 'driver = __import__("sys")._getframe(3).f_locals["self"]; driver.control.send(b"junk\\n")',
    });
    // Whichever comes first, junk or the true answer behind it, and however the interpreter then ends.
    assert.deepEqual([ending.reason, ending.exit], ['exit', 1], JSON.stringify(ending));
    assert.match(ending.message ?? '', /wrote to the line on which python/);
    assert.equal((await harness.run({ language: 'python', text: '1' })).out, '1\n');
    await harness.close();
  });

  it('that are not there are told of', async () => {
    const harness = await createHarness({ PATH: '/nowhere' });
    const { ending } = await harness.run({ language: 'python', text: '1' });
    assert.deepEqual(ending, {
      reason: 'error',
      message: 'python3 is not installed: apt-get install python3',
    });
    await harness.close();
  });
});
