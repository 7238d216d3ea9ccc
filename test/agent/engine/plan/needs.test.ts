import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import type { PlanSetting } from '../../../../agent/engine/plan/planSetting';
import { cells, sampleRequest } from '../sampleRequest';
import { refusal } from './refusal';

/** Other runbooks by path. */
function books(files: Readonly<Record<string, string>>): PlanSetting {
  return {
    readFile(path) {
      const text = files[path];
      if (text !== undefined) return text;
      throw Object.assign(new Error(`no ${path}`), { code: path.includes('locked') ? 'EACCES' : 'ENOENT' });
    },
  };
}

describe('needs of other runbooks', () => {
  const db =
    '---\nenv: {STAGE: test}\nrequires: {node: "*"}\ndefaults: {timeout: 3s}\n---\n' +
    cells({ init: 'i', 'migrate needs=init': 'm' });
  const main = cells({ 'a needs=sub/db.runbook.md#migrate': 'a', 'b needs=a,sub/db.runbook.md#init': 'b' });

  it('are planned once, by whichever of its paths a file is needed', () => {
    const text = cells({ 'a needs=db.md#init': 'a', 'b needs=link/db.md#init': 'b' });
    const files = books({ '/books/db.md': db, '/books/link/db.md': db });
    const plan = planRun(sampleRequest(text), { ...files, identify: path => path.replace('/link', '') });
    assert.deepEqual(
      plan.steps.map(({ cell: { name } }) => name),
      ['init', 'a', 'b'],
    );
  });

  it('come in with their own needs, variables and attributes', () => {
    const plan = planRun(sampleRequest(main), books({ '/books/sub/db.runbook.md': db }));
    assert.deepEqual(
      plan.steps.map(({ cell, needs, pulledIn, from }) => [cell.name, needs, pulledIn, from.file]),
      [
        ['init', [], true, '/books/sub/db.runbook.md'],
        ['migrate', [0], true, '/books/sub/db.runbook.md'],
        ['a', [1], false, '/books/deploy.runbook.md'],
        ['b', [2, 0], false, '/books/deploy.runbook.md'],
      ],
    );
    assert.deepEqual(plan.steps[1]?.env, { STAGE: 'test' });
    assert.deepEqual(plan.steps[2]?.env, {});
    assert.equal(plan.steps[1]?.options.timeout, 3000);
    assert.equal(plan.requires[0]?.file, '/books/sub/db.runbook.md');
  });

  const refusals: readonly (readonly [
    what: string,
    text: string,
    files: Record<string, string>,
    message: RegExp,
  ])[] = [
    [
      'a file that is not there',
      cells({ 'a needs=x.md#y': '1' }),
      {},
      /^\/books\/deploy\.runbook\.md:1:17: `a` needs `x\.md#y`, and \/books\/x\.md is not there$/,
    ],
    [
      'a file that cannot be read',
      cells({ 'a needs=locked.md#y': '1' }),
      {},
      /:1:17: .*locked\.md cannot be read/,
    ],
    [
      'a cell that is not there',
      cells({ 'a needs=x.md#y': '1' }),
      { '/books/x.md': cells({ z: '1' }) },
      /:1:17: .*no cell of \/books\/x\.md has that name\. It has: z/,
    ],
    ['a file without a cell', cells({ 'a needs=x.md': '1' }), {}, /:1:17: .*does not say which cell/],
    [
      'a mistake in the other file',
      cells({ 'a needs=x.md#y': '1' }),
      { '/books/x.md': `\n${cells({ 'y timeout=soon': '1' })}` },
      /^\/books\/x\.md:2:17: .*timeout/,
    ],
    [
      'a circle over files',
      cells({ 'a needs=x.md#y': '1' }),
      { '/books/x.md': cells({ 'y needs=deploy.runbook.md#a': '1' }) },
      /:1:\d+: The cells need each other in a circle: a → x\.md#y → a/,
    ],
  ];
  for (const [what, text, files, message] of refusals) {
    it(`are refused for ${what}`, () => {
      assert.match(refusal(sampleRequest(text), 'invalidRunbook', books(files)).message, message);
    });
  }
});

describe('rollback cells of a plan', () => {
  const text = cells({ 'a rollback=undo': '1', 'b rollback=undo needs=a': '2', undo: '3', c: '4' });

  it('stand at its end, one for each step, and are no part of a whole run', () => {
    const plan = planRun(sampleRequest(text));
    assert.deepEqual(
      plan.steps.map(({ cell, role, undoes }) => [cell.name, role, undoes]),
      [
        ['a', 'step', undefined],
        ['b', 'step', undefined],
        ['c', 'step', undefined],
        ['undo', 'rollback', 0],
        ['undo', 'rollback', 1],
      ],
    );
    assert.match(plan.leftOut[0]?.why ?? '', /undoes another cell/);
  });

  it('are there for the chosen cells only, and run when they are chosen themselves', () => {
    const chosen = (indexes: number[]): string[] =>
      planRun(sampleRequest(text, { selection: { kind: 'cells', indexes } })).steps.map(
        ({ cell, role }) => `${cell.name} ${role}`,
      );
    assert.deepEqual(chosen([3]), ['c step']);
    assert.deepEqual(chosen([0]), ['a step', 'undo rollback']);
    assert.deepEqual(chosen([2]), ['undo step']);
  });

  for (const [head, message] of [
    ['a rollback=x', /:1:17: `a` is rolled back by `x`, and no cell has that name/],
    ['a rollback=a', /:1:17: `a` is rolled back by itself/],
  ] as const) {
    it(`are refused: ${head}`, () => {
      assert.match(refusal(sampleRequest(cells({ [head]: '1' })), 'invalidRunbook').message, message);
    });
  }
});

describe('attributes that make no sense together', () => {
  const rows: readonly (readonly [fence: string, message: RegExp])[] = [
    ['bash {background output=X}', /:1:21: .*runs in the background, so its output/],
    ['bash {ready="true"}', /:1:10: .*`ready`, which only a cell in the background/],
    ['bash {background parallel=g}', /:1:21: .*at the same time as others anyway/],
    ['python {parallel=g}', /:1:12: .*share one interpreter/],
    ['python {background}', /:1:12: .*share one interpreter/],
  ];
  for (const [fence, message] of rows) {
    it(fence, () => {
      const text = `\`\`\`${fence}\nx\n\`\`\`\n`;
      assert.match(refusal(sampleRequest(text), 'invalidRunbook').message, message);
    });
  }
  for (const fence of [
    'bash {background ready=true}',
    'python {parallel=g interpreter=python3}',
    'bash {parallel=g output=X}',
  ]) {
    it(`${fence} does`, () => {
      assert.equal(planRun(sampleRequest(`\`\`\`${fence}\nx\n\`\`\`\n`)).steps.length, 1);
    });
  }
});
