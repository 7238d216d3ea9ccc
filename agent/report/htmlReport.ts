import type { RunRecord, StepRecord } from '../protocol/runs';
import { outcome, placeOf, runFacts, stepOutcome, stepRemarks, tally, timeOf } from './facts';
import { htmlStyle } from './htmlStyle';
import type { Report, StepText } from './report';
import { timeline } from './timeline';
import type { Bar } from './timeline';
import { escapeXml } from './xml';

/**
 * One file that needs nothing else and runs nothing: whatever a cell printed stays text. The policy forbids scripts
 * and requests should anything ever slip through.
 */
export function htmlReport(report: Report): string {
  const { run } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeXml(`${run.title}: ${outcome(run)}`)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
<h1>${escapeXml(run.title)}</h1>
<p class="outcome ${run.state}">${sign(run.state)} ${escapeXml(outcome(run))}</p>
<dl>${runFacts(run)
    .filter(([name]) => name !== 'Outcome')
    .map(fact)
    .join('')}</dl>
${timelinePart(run)}
<h2>Steps</h2>
<p class="dim">${escapeXml(tally(run))}</p>
${run.steps.map(step => stepPart(report, step)).join('\n')}
</main>
</body>
</html>
`;
}

function fact([name, value]: readonly [string, string]): string {
  return `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`;
}

function timelinePart(run: RunRecord): string {
  const { bars, ticks } = timeline(run);
  if (bars.length === 0) return '';
  const marks = ticks.map(
    ({ at, label }) =>
      `<span${at > 80 ? ' class="late"' : ''} style="left:${percent(at)}">${escapeXml(label)}</span>`,
  );
  return `<h2>Timeline</h2>
<div class="timeline">
${bars.map(bar).join('\n')}
<div class="row" aria-hidden="true"><span></span><div class="track axis">${marks.join('')}</div><span></span></div>
</div>`;
}

function bar({ step, left, width }: Bar): string {
  const place = `left:${percent(left)};width:${percent(width)}`;
  return `<a class="row" href="#step-${step.index + 1}" title="${escapeXml(`${step.name}: ${stepOutcome(step)}`)}">
<span class="${step.state}">${sign(step.state)} ${escapeXml(step.name)}</span>
<span class="track"><span class="bar ${step.state}" style="${place}"></span></span>
<span>${escapeXml(timeOf(step) ?? '')}</span></a>`;
}

function stepPart({ run, outputs }: Report, step: StepRecord): string {
  const output = outputs.get(step.index);
  const isTrouble = step.state === 'failed' || step.state === 'cancelled' || step.state === 'interrupted';
  const variables = Object.entries(step.outputs ?? {});
  const time = timeOf(step);
  return `<details${isTrouble ? ' open' : ''}>
<summary><span class="${step.state}">${sign(step.state)} ${step.index + 1}. ${escapeXml(step.name)}</span>
<span class="dim">${escapeXml([time, placeOf(run, step)].filter(part => part !== undefined).join(' · '))}</span></summary>
<div id="step-${step.index + 1}">
<p class="dim">${escapeXml([step.section.join(' › '), stepOutcome(step)].filter(part => part !== '').join(' · '))}</p>
${stepRemarks(run, step)
  .map(text => `<p>${escapeXml(text)}</p>`)
  .join('')}
<pre aria-label="Command">${escapeXml(step.text.trimEnd())}</pre>
${variables.length === 0 ? '' : `<dl>${variables.map(fact).join('')}</dl>`}
${output === undefined ? '' : outputPart(output)}
</div>
</details>`;
}

/** Why a step failed stands in its last lines, so these are in view; what came before is folded above them. */
function outputPart({ text, cut }: StepText): string {
  const note = cut ? '<p class="dim">The end of its output:</p>\n' : '';
  const lines = text.trimEnd().split('\n');
  const last = `<pre aria-label="Output" tabindex="0">${escapeXml(lines.slice(-linesInView).join('\n'))}</pre>`;
  if (lines.length <= linesInView) return note + last;
  const hidden = lines.length - linesInView;
  const before = hidden === 1 ? 'the line before' : `the ${hidden} lines before`;
  const earlier = escapeXml(lines.slice(0, -linesInView).join('\n'));
  return `${note}<details class="earlier"><summary>${before}</summary>
<pre aria-label="Output before" tabindex="0">${earlier}</pre></details>
${last}`;
}

/** Fits into the box without scrolling. */
const linesInView = 15;

function sign(state: RunRecord['state'] | StepRecord['state']): string {
  if (state === 'passed') return '✓';
  if (state === 'failed' || state === 'interrupted') return '✗';
  return state === 'cancelled' ? '■' : '○';
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
