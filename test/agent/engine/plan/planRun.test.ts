import assert from 'node:assert/strict';
import { ConfigFile } from '../../../../agent/config/configFile';
import { passedKey } from '../../../../agent/engine/session/passedCells';
import { planRun } from '../../../../agent/engine/plan/planRun';
import type { RunRequest } from '../../../../agent/engine/types';
import { HandrailError } from '../../../../agent/protocol/errors';
import type { Diagnostic } from '../../../../agent/runbook/model';
import { cells, sampleRequest } from '../sampleRequest';

describe('a plan', () => {
  const chain = cells({
    'd needs=c,b': 'd',
    a: 'a',
    'b needs=a': 'b',
    'c needs=b': 'c',
    e: 'e',
    'f exclude': 'f',
  });

  const orders: readonly (readonly [
    what: string,
    text: string,
    selection: number[] | 'all',
    order: string,
  ])[] = [
    ['takes the cells in the order of the file', cells({ a: '1', b: '2' }), 'all', 'a b'],
    ['puts what is needed first', chain, 'all', 'a b c d e'],
    ['pulls in what a chosen cell needs', chain, [0], 'a b c d'],
    ['pulls in nothing else', chain, [2], 'a b'],
    ['takes a chosen cell though it is excluded', chain, [5], 'f'],
    ['takes each cell once, in order', chain, [4, 1, 4], 'a e'],
    ['pulls in an excluded cell that is needed', cells({ 'a exclude': '1', 'b needs=a': '2' }), 'all', 'a b'],
  ];
  for (const [what, text, selection, order] of orders) {
    it(what, () => {
      const plan = planRun(sampleRequest(text, { selection: selectionOf(selection) }));
      assert.equal(plan.steps.map(({ cell }) => cell.name).join(' '), order);
      for (const step of plan.steps) {
        assert.equal(plan.steps[step.index], step);
        assert.ok(step.needs.every(need => need < step.index));
      }
    });
  }

  it('runs cells where it is asked to, and what they need where that says', () => {
    const text = cells({
      'a target=container:a': '',
      b: '',
      'c target=container:c needs=a,b rollback=d': '',
      d: '',
    });
    const selection = { kind: 'cells' as const, indexes: [2] };
    const where = (more: Partial<RunRequest>) =>
      planRun(sampleRequest(text, { selection, ...more })).steps.map(step => step.options.target);
    assert.deepEqual(where({}), ['container:a', 'local', 'container:c', 'local']);
    assert.deepEqual(where({ target: 'image:x' }), ['container:a', 'image:x', 'container:c', 'image:x']);
    const there = { target: 'image:x', targetOf: [2] };
    assert.deepEqual(where(there), ['container:a', 'image:x', 'image:x', 'image:x']);
  });

  it('tells the engines that targets name, and not the one in use where none runs there', () => {
    const text = cells({ 'a target=container:build/web': 'docker ps', 'b target=container:mine/db': '' });
    const identity = (_env: unknown, _cwd: string, kinds: readonly string[]) => {
      const known = kinds.filter(kind => kind === 'docker:build' || kind === 'docker');
      return known.map(kind => ({ kind, label: 'tcp://build:2376', values: {}, held: true }));
    };
    const facts = (of: string) => {
      const endpoints = { mine: { address: 'ssh://ana@mine', verify: true, certificates: undefined } };
      const config = { ...ConfigFile.parse({}), endpoints };
      return planRun(sampleRequest(of), { identity, config: () => ({ config, problems: [] }) }).identity;
    };
    assert.deepEqual(
      facts(text).map(({ kind, label, held }) => [kind, label, held]),
      [
        ['docker:build', 'tcp://build:2376', true],
        ['docker:mine', 'ssh://ana@mine', false],
      ],
    );
    assert.deepEqual(
      facts(cells({ 'a target=container:web': '' })).map(({ kind }) => kind),
      ['docker'],
    );
    assert.deepEqual(facts(`---\nidentity: off\n---\n${text}`), []);
  });

  it('does not take what passed somewhere else for passed', () => {
    const text = cells({ a: 'a', 'b needs=a': 'b' });
    const [a] = planRun(sampleRequest(text)).steps;
    assert.ok(a);
    const names = (passed: string) =>
      planRun(sampleRequest(text, { selection: { kind: 'cells', indexes: [1] } }), {
        passed: new Set([passed]),
      }).steps.map(({ cell }) => cell.name);
    assert.deepEqual(names(passedKey(a.key)), ['b']);
    assert.deepEqual(names(passedKey(a.key, 'container:web')), ['a', 'b']);
  });

  it('marks what was not asked for, and leaves out what passed in the session with the same text', () => {
    const request = sampleRequest(chain, { selection: { kind: 'cells', indexes: [2] } });
    const [a] = planRun(request).steps;
    assert.ok(a?.pulledIn);
    const passed = new Set([passedKey(a.key)]);
    assert.deepEqual(
      planRun(request, { passed }).steps.map(({ cell }) => cell.name),
      ['b'],
    );
    const edited = { ...request, text: chain.replace('\na\n', '\na # edited\n') };
    assert.deepEqual(
      planRun(edited, { passed }).steps.map(({ cell }) => cell.name),
      ['a', 'b'],
    );
    const all = planRun(sampleRequest(chain), { passed });
    assert.equal(all.steps[0]?.cell.name, 'a');
  });

  const mixed = '```bash\nls\n```\n```python\nprint()\n```\n';
  const wholes: readonly (readonly [what: string, file: string, text: string, languages: string])[] = [
    ['a runbook by name', '/a/x.runbook.md', mixed, 'bash python'],
    ['any other page', '/a/README.md', mixed, 'bash'],
    ['a page with our front matter', '/a/README.md', `---\ndefaults: {}\n---\n${mixed}`, 'bash python'],
  ];
  for (const [what, file, text, languages] of wholes) {
    it(`of the whole of ${what} has ${languages}`, () => {
      const plan = planRun(sampleRequest(text, { file }));
      assert.equal(plan.steps.map(({ cell }) => cell.language).join(' '), languages);
    });
  }

  const refusals: readonly (readonly [what: string, text: string, message: RegExp, code: string])[] = [
    [
      'a secret of a cell that outlives its run',
      `---\nsecrets: {TOKEN: "env:T"}\n---\n${cells({ 'a background=detach': 'serve $TOKEN' })}`,
      /outlives its run, so that nobody would mask what it prints/,
      'detached-secret',
    ],
    [
      'a lock of a cell that outlives its run',
      cells({ 'a background=detach lock=deploy': 'serve' }),
      /:1:\d+: `a` outlives its run, and nothing would hold its lock/,
      'detached-lock',
    ],
    [
      'an unknown need',
      cells({ a: '1', 'b needs=x': '2' }),
      /deploy\.runbook\.md:5:\d+: .*b.* needs .*x/,
      'unknown-needs',
    ],
    [
      'a circle',
      cells({ 'a needs=c': '1', 'b needs=a': '2', 'c needs=b': '3' }),
      /circle: a → c → b → a/,
      'cyclic-needs',
    ],
    ['a cell that needs itself', cells({ 'a needs=a': '1' }), /circle: a → a/, 'cyclic-needs'],
    ['a wrong value', cells({ 'a timeout=soon': '1' }), /timeout/, 'bad-value'],
    ['another target', cells({ 'a target=ssh:web': '1' }), /:1:17: .*target=/, 'not-supported'],
    ['another target of all', '---\ntarget: ssh:web\n---\n' + cells({ a: '1' }), /target/, 'not-supported'],
    ['inputs in the text', cells({ a: 'echo ${{ inputs.x }}' }), /:2:6: .*inputs/, 'unknown-value'],
    ['secrets in the text', cells({ a: 'echo ${{secrets.x}}' }), /secrets/, 'unknown-value'],
    ['a lease', cells({ 'a lock=k8s:ns/x': '1' }), /lock=k8s/, 'not-supported'],
    [
      'variables that are no values',
      '---\nenv: {x: [1]}\n---\n' + cells({ a: '1' }),
      /env/,
      'front-matter-value',
    ],
  ];
  for (const [what, text, message, code] of refusals) {
    it(`is refused for ${what}`, () => {
      const { details, message: said } = refused(sampleRequest(text), 'invalidRunbook');
      assert.match(said, message);
      const codes = (details.diagnostics as Diagnostic[]).map(diagnostic => diagnostic.code);
      assert.ok(codes.includes(code), codes.join());
    });
  }

  for (const format of ['---\ncwd: [bar\nshell: zsh\n---\n', '+++\ncwd = \n+++\n']) {
    it(`is refused where broken front matter says where cells run: ${format.slice(0, 3)}`, () => {
      const { message } = refused(sampleRequest(format + cells({ a: '1' })), 'invalidRunbook');
      assert.match(message, /deploy\.runbook\.md:\d:\d+: Front matter.*Mend it: it says `cwd`/);
    });
  }

  it('warns of every mistake that does not keep it from running', () => {
    const text = '---\ntitle: [x\n---\n' + cells({ a: '1' }) + cells({ a: '2', 'b timout=3s': '3' });
    assert.deepEqual(
      planRun(sampleRequest(text)).warnings.map(({ code, line }) => [code, line]),
      [
        ['front-matter-syntax', 2],
        ['duplicate-name', 7],
        ['unknown-attribute', 11],
      ],
    );
  });

  it('tells each mistake once', () => {
    const text = cells({ a: '1', 'b needs=x timeout=soon': '2', 'c needs=c target=x:y': '3' });
    const diagnostics = refused(sampleRequest(text), 'invalidRunbook').details.diagnostics as Diagnostic[];
    assert.deepEqual(
      diagnostics.map(({ code, line }) => [code, line]),
      [
        ['unknown-needs', 5],
        ['bad-value', 5],
        ['cyclic-needs', 9],
        ['not-supported', 9],
      ],
    );
    const byDefault = '---\ndefaults: {needs: x}\n---\n' + cells({ a: '1' });
    assert.match(refused(sampleRequest(byDefault), 'invalidRunbook').message, /needs `x`/);
  });

  it('is not refused for what is wrong with cells that are not in it', () => {
    const text = cells({ a: '1', 'b target=ssh:x timeout=soon needs=x': '2' });
    assert.equal(
      planRun(sampleRequest(text, { selection: { kind: 'cells', indexes: [0] } })).steps.length,
      1,
    );
  });

  it('is refused where there is nothing to run', () => {
    assert.match(
      refused(sampleRequest('# Only text\n'), 'invalidRunbook').message,
      /Nothing to run in deploy.runbook.md/,
    );
    const selection = selectionOf([7]);
    assert.match(refused(sampleRequest(chain, { selection }), 'invalidRunbook').message, /No cell number 7/);
  });

  it('asks for the approvals that are missing', () => {
    const text = cells({ 'a confirm="Really?"': '1', 'b confirm': '2', c: '3' });
    const missing = (approved: RunRequest['approved']): unknown =>
      refused(sampleRequest(text, { approved }), 'needsAnswer').details.confirm;
    const a = { name: 'a', text: 'Really? (local, effect=change)', line: 1 };
    const b = { name: 'b', text: 'Run b? (local, effect=change)', line: 5 };
    assert.deepEqual(missing([]), [a, b]);
    assert.deepEqual(missing(['a']), [b]);
    for (const approved of [['*'], ['a', 'b']]) {
      assert.equal(planRun(sampleRequest(text, { approved })).steps.length, 3);
    }
  });

  it('orders thousands of cells that need one another', () => {
    const names = Array.from({ length: 5000 }, (_, at) => `c${at}`);
    const heads = names.map((name, at) => [at === 0 ? name : `${name} needs=c${at - 1}`, 'true'] as const);
    const plan = planRun(sampleRequest(cells(Object.fromEntries(heads)), { selection: selectionOf([4999]) }));
    assert.equal(plan.steps.length, 5000);
    assert.equal(plan.steps[0]?.cell.name, 'c0');
  });
});

function selectionOf(indexes: number[] | 'all'): RunRequest['selection'] {
  return indexes === 'all' ? { kind: 'all' } : { kind: 'cells', indexes };
}

function refused(request: RunRequest, code: string): HandrailError {
  try {
    planRun(request);
  } catch (error) {
    if (error instanceof HandrailError && error.code === code) return error;
    throw error;
  }
  throw new Error('It was not refused');
}
