import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { PlanView } from '../../../agent/protocol/plan';
import { comparisonPage } from '../../../extension/commands/comparisonPage';
import { codeBlock, escapeMarkdown, lineLinks } from '../../../extension/commands/markdownText';
import { planPage } from '../../../extension/commands/planPage';
import { someRun } from '../../support/someRuns';

const hostile = '<img src=x> [a](command:go) `b` **c**\n# d | e ~~~';
const markdown = new MarkdownIt({ html: true });

describe('a page of ours', () => {
  it('shows text of others as it stands', () => {
    const html = markdown.renderInline(escapeMarkdown(hostile));
    assert.doesNotMatch(html, /<(?!\/?p)/);
    assert.ok(html.includes('&lt;img src=x&gt; [a](command:go)'));
  });

  it('ends a code block only at its own fence', () => {
    const html = markdown.render(codeBlock('a\n```\n````\n<b>\n', 'bash'));
    assert.equal(html.match(/<pre>/g)?.length, 1);
    assert.ok(html.includes('&lt;b&gt;'));
  });

  it('links lines of files, and names them where there is no folder', () => {
    const link = lineLinks('/work space');
    assert.equal(link('line 3', '/work space/a (b).md', 3), '[line 3](</a%20%28b%29.md#L3>)');
    assert.equal(link('line 3', '/else/a.md', 3), '[line 3](</../else/a.md#L3>)');
    assert.equal(lineLinks(undefined)('line 3', '/a.md', 3), 'line 3');
  });
});

describe('the page of a plan', () => {
  const step = {
    ...{ index: 0, name: 'deploy', cell: 0, language: 'bash', line: 9, section: [], text: 'deploy.sh\n' },
    ...{ needs: [], pulledIn: false, role: 'step', target: 'local', effect: 'destroy', retries: 2 },
    ...{
      ready: 'curl -f',
      env: { A: '1' },
      expectExit: [0, 3],
      strict: false,
      user: 'app',
      fault: '9:3: no such cwd',
    },
    ...{ onError: 'rollback', secrets: ['token'], confirm: `Really? ${hostile}`, timeout: 30_000 },
  };
  const undo = { ...step, index: 1, name: 'undo', role: 'rollback', undoes: 0, text: 'undo.sh\n' };
  const plan = PlanView.parse({
    file: '/w/shop.md',
    title: 'Shop',
    identity: [{ kind: 'kube', label: 'prod-eu as ana', values: { namespace: 'shop' }, held: true }],
    inputs: [{ name: 'region', from: 'input', type: 'string', cells: [], line: 2, last: 'eu' }],
    requires: [{ name: 'kubectl', wanted: '>=1.29', problem: 'is missing' }],
    steps: [step, undo],
    leftOut: [{ name: 'sample', line: 20, why: 'exclude' }],
    prerequisites: [{ file: '/w/build.md', text: 'Build', line: 4 }],
    warnings: [{ file: '/w/shop.md', line: 9, column: 3, message: 'odd', hint: 'mend it' }],
  });
  const page = planPage(plan, lineLinks('/w'));

  for (const part of [
    '# Plan: Shop',
    '1 step of',
    'kube\\: prod\\-eu as ana, namespace shop',
    'asked for, last time eu',
    '✗ **kubectl**',
    'has not been run',
    '[line 9\\:3](</shop.md#L9>): odd',
    '### 1. deploy',
    '**destroys**',
    'ends after 30 s',
    'tried again 2 times',
    'gets the secrets token',
    'ready once this passes: curl \\-f',
    'env A\\=1',
    'expect-exit 0,3',
    '- strict=false',
    'user app',
    'cannot run: 9\\:3\\: no such cwd',
    'Undone by **undo** if a later step fails:',
    '**sample**',
  ])
    it(`says ${part}`, () => assert.ok(page.includes(part), page));

  it('holds no markup of others', () => {
    assert.doesNotMatch(markdown.render(page), /<img|href="command/);
  });
});

describe('the page of a comparison', () => {
  it('has what differs, without the names of both sides', () => {
    const page = comparisonPage({
      left: someRun,
      right: { ...someRun, id: 'other' },
      facts: [{ name: 'input region', left: 'eu', right: 'us' }],
      steps: [
        {
          name: 'a|b',
          left: { index: 0, state: 'failed', exit: 7, ms: 400 },
          right: { index: 0, state: 'passed' },
          changed: ['state', 'output'],
          output: '--- 1\n+++ 2\n@@ -1 +1 @@\n-old\n+new\n',
        },
      ],
    });
    const html = markdown.render(page);
    assert.match(html, /<td>a\|b<\/td>\s*<td>exit 7, 0.4 s<\/td>\s*<td>passed<\/td>/);
    assert.ok(html.includes('<td>input region</td>'));
    assert.ok(page.includes('```diff\n@@ -1 +1 @@\n-old\n+new\n```'));
  });
});
