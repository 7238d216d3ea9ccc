import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { planView } from '../../../../agent/engine/plan/planView';
import type { Plan } from '../../../../agent/engine/types';
import { HandrailError } from '../../../../agent/protocol/errors';
import { PlanView } from '../../../../agent/protocol/plan';
import { decodeSource } from '../../../../agent/runbook/decode';
import { languageOf } from '../../../../agent/runbook/languages';
import { parseRunbook } from '../../../../agent/runbook/parseRunbook';
import { sampleRequest } from '../sampleRequest';

/** Real documents of other projects; not part of this one. */
const corpus = resolve('../shared/corpus');

describe('plans of real documents', () => {
  before(function () {
    if (existsSync(corpus)) return;
    console.log(`      skipped: ${corpus} is not there`);
    this.skip();
  });

  it('are made of every file, of its shell cells and of each cell alone, with no cell but its own', function () {
    this.timeout(120_000);
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.md'),
    );
    assert.ok(files.length > 100);
    let steps = 0;
    for (const name of files) {
      const file = join(corpus, name);
      const text = decodeSource(readFileSync(file));
      const { cells } = parseRunbook(text);
      const whole = planned(file, text, 'all');
      const shells = cells.filter(({ language }) => languageOf(language)?.kind === 'shell');
      if (whole) {
        assert.deepEqual(
          whole.steps.map(({ cell }) => cell.index),
          shells.map(({ index }) => index),
          file,
        );
        PlanView.parse(planView(whole));
        steps += whole.steps.length;
      } else {
        assert.equal(shells.length, 0, file);
      }
      for (const cell of cells.slice(0, 40)) {
        const alone = planned(file, text, cell.index);
        assert.deepEqual(
          alone?.steps.map(({ cell: { index } }) => index),
          [cell.index],
          `${file}:${cell.line}`,
        );
        assert.equal(alone?.steps[0]?.cell.text, cell.text);
      }
    }
    assert.ok(steps > 500, `${steps} steps`);
  });
});

/** Nothing where there is nothing to run. */
function planned(file: string, text: string, cell: number | 'all'): Plan | undefined {
  const selection = cell === 'all' ? ({ kind: 'all' } as const) : { kind: 'cells' as const, indexes: [cell] };
  try {
    return planRun(sampleRequest(text, { file, selection }), { onlyShown: true });
  } catch (error) {
    if (error instanceof HandrailError && error.message.startsWith('Nothing to run')) return undefined;
    throw error;
  }
}
