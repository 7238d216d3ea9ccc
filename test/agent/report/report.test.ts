import * as assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { reportFormats } from '../../../agent/protocol/reportFormats';
import { githubReport } from '../../../agent/report/githubReport';
import { htmlReport } from '../../../agent/report/htmlReport';
import { jsonReport } from '../../../agent/report/jsonReport';
import { markdownReport } from '../../../agent/report/markdownReport';
import { reportOf, writeReport } from '../../../agent/report/report';
import { timeline } from '../../../agent/report/timeline';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { hostile, sampleReport, sampleStep } from './sampleReport';

describe('A report', () => {
  for (const format of reportFormats) {
    it(`tells as ${format} what failed, where and why`, () => {
      const text = writeReport(format, sampleReport());
      for (const part of ['restart', '41', 'no such release: api-2', '7'])
        assert.ok(text.includes(part), part);
    });
  }

  it('tells who ran what, as whom, with which inputs', () => {
    const text = htmlReport(sampleReport());
    for (const part of ['ana (cli) on laptop', 'prod-eu as ana', 'Input service', '0123456789 and changes']) {
      assert.ok(text.includes(part), part);
    }
  });

  for (const [zone, said] of [
    ['UTC', '2026-03-01 09:10:00 UTC'],
    ['Asia/Kolkata', '2026-03-01 14:40:00 UTC+05:30'],
    ['America/St_Johns', '2026-03-01 05:40:00 UTC-03:30'],
  ] as const) {
    it(`tells when, and by which clock, in ${zone}`, () => {
      const before = process.env['TZ'];
      process.env['TZ'] = zone;
      try {
        for (const write of [htmlReport, markdownReport])
          assert.ok(write(sampleReport()).includes(said), write.name);
      } finally {
        if (before === undefined) delete process.env['TZ'];
        else process.env['TZ'] = before;
      }
    });
  }

  it('keeps the last lines of long output in view and folds those before', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
    const { run } = sampleReport();
    const html = htmlReport({ run, outputs: new Map([[2, { text: lines.join('\n'), cut: false }]]) });
    const [folded = '', shown = ''] = html.slice(html.indexOf('class="earlier"')).split('</details>');
    assert.match(folded, /the 25 lines before/);
    assert.match(folded, /line 25</);
    assert.match(shown, /"0">line 26\n[^]*line 40</);
    assert.equal(html.match(/line \d+\n|line \d+</g)?.length, 40);
  });

  it('reads only what steps printed that printed something', async () => {
    const { run } = sampleReport({
      steps: [sampleStep(0), sampleStep(1, { outputBytes: 0 }), sampleStep(2)],
    });
    const asked: number[] = [];
    const report = await reportOf(run, step => {
      asked.push(step);
      return Promise.resolve({ text: step === 2 ? ' \n' : 'x', cut: false });
    });
    assert.deepEqual(asked, [0, 2]);
    assert.deepEqual([...report.outputs.keys()], [0]);
  });
});

describe('A report of hostile text', () => {
  const steps = [
    sampleStep(0, {
      name: hostile,
      text: hostile,
      message: hostile,
      state: 'failed',
      exit: 1,
      outputs: { A: hostile },
    }),
  ];
  const report = {
    ...sampleReport({ steps, title: hostile, message: hostile, inputs: { a: hostile } }),
    outputs: new Map([[0, { text: hostile, cut: false }]]),
  };

  it('holds no element of it in HTML', () => {
    const text = htmlReport(report);
    assert.equal(/<script|onerror|\u001b/.test(text), false);
    assert.match(text, /default-src 'none'/);
  });

  it('is no runbook, though it is Markdown with code', () => {
    assert.deepEqual(parseRunbook(markdownReport(sampleReport())).cells, []);
  });

  it('holds no link, heading or fence of it in Markdown', () => {
    const text = markdownReport(report);
    const inline = new MarkdownIt().parse(text, {}).flatMap(({ children }) => children ?? []);
    assert.deepEqual(
      inline.filter(({ type }) => type === 'link_open' || type === 'strong_open'),
      [],
    );
    const headings = text.split('\n').filter(line => line.startsWith('#'));
    assert.equal(headings.length, 3);
    // The fence of the command is not ended by the one within.
    const fences = new MarkdownIt().parse(text, {}).filter(({ type }) => type === 'fence');
    assert.ok(fences.some(({ content }) => content.includes('```')));
  });

  it('begins no workflow command of its own', () => {
    const lines = githubReport(report, '/repo')
      .split('\n')
      .filter(line => line !== '');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^::error file=docs\/restart-api\.md,line=10,title=/);
  });

  it('is JSON with everything in it', () => {
    const parsed = JSON.parse(jsonReport(report)) as { steps: { printed: string }[] };
    assert.equal(parsed.steps[0]?.printed, hostile);
  });
});

describe('The timeline of a run', () => {
  it('places each step that ran, in percent', () => {
    const { bars } = timeline(sampleReport().run);
    const places = bars.map(({ step, left, width }) => [step.name, Math.round(left), Math.round(width)]);
    assert.deepEqual(places, [
      ['find-pods', 0, 1],
      ['drain', 1, 93],
      ['restart', 94, 6],
    ]);
  });

  const lengths: readonly (readonly [ms: number, labels: readonly string[]])[] = [
    [3, ['0', '1 ms', '2 ms', '3 ms']],
    [64_000, ['0', '15 s', '30 s', '45 s', '1 min']],
    [3 * 3_600_000, ['0', '30 min', '1 h', '1 h 30 min', '2 h', '2 h 30 min', '3 h']],
    [40 * 86_400_000, ['0', '168 h', '336 h', '504 h', '672 h', '840 h']],
  ];
  for (const [ms, labels] of lengths) {
    it(`has few, round marks over ${ms} ms`, () => {
      const { run } = sampleReport({ steps: [], startedAt: 0, endedAt: ms });
      assert.deepEqual(
        timeline(run).ticks.map(({ label }) => label),
        labels,
      );
    });
  }

  it('keeps within its bounds whatever the clock did', () => {
    const { run } = sampleReport({
      startedAt: 5000,
      endedAt: 4000,
      steps: [
        sampleStep(0, { startedAt: 1000, endedAt: 500 }),
        sampleStep(1, { startedAt: 9000, endedAt: 99_000 }),
      ],
    });
    for (const { left, width } of timeline(run).bars)
      assert.ok(left >= 0 && width >= 0 && left + width <= 100.001);
  });
});
