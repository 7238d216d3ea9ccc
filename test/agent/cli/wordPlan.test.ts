import assert from 'node:assert/strict';
import { createPaint } from '../../../agent/cli/terminal/paint';
import { wordPlan } from '../../../agent/cli/run/wordPlan';
import { planRun } from '../../../agent/engine/plan/planRun';
import { planView } from '../../../agent/engine/plan/planView';
import { cells, sampleRequest } from '../engine/sampleRequest';

describe('a plan in words', () => {
  const worded = (text: string): string =>
    wordPlan(planView(planRun(sampleRequest(text))), createPaint({ NO_COLOR: '1' }, 'auto', false), '/books');

  it('numbers steps, and not what may undo them', () => {
    const text = cells({ 'deploy rollback=undo': 'up', check: 'ok', undo: 'down' });
    const lines = worded(text).split('\n');
    const heads = lines.filter(line => line.includes('bash')).map(line => line.replace(/ {3}\S+$/, ''));
    assert.deepEqual(heads, ['1  deploy · bash', '2  check · bash', '-  undo · bash · undoes 1 deploy']);
  });

  it('has every attribute that is not the default', () => {
    const attributes =
      'cwd=/srv env=A=1 expect-exit=0,2 retries=2 retry-delay=3s strict=false tty=never mime=text/csv interpreter=/bin/dash';
    const text = worded(cells({ [`a ${attributes}`]: 'x', b: 'x' }));
    assert.match(
      text,
      / · retries 2 · retry-delay 3 s · cwd \/srv · env A=1 · expect-exit 0,2 · strict=false · tty never · mime text\/csv · interpreter \/bin\/dash /,
    );
    assert.match(text, /^2 {2}b · bash {3}\S+$/m);
  });

  it('has the command that tells whether a cell is ready', () => {
    const text = cells({ 'serve when=w unless=u verify=v background ready="nc -z localhost 80"': 'x' });
    assert.match(worded(text), / · when w · unless u · verify v · ready nc -z localhost 80 · /);
  });
});
