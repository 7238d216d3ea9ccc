import assert from 'node:assert/strict';
import { createTextPresenter } from '../../../agent/cli/present/textPresenter';
import { PaperTerminal, RecordedRun } from './recordedRun';

const style = { quiet: false, verbose: false, cwd: '/repo', recorded: true };
const plain = { NO_COLOR: '1', LANG: 'en_US.UTF-8' };

describe('output of steps that run at the same time', () => {
  const beginBoth = (terminal: PaperTerminal): RecordedRun =>
    new RecordedRun(createTextPresenter(terminal, style), ['left', 'right']).begin(0).begin(1);

  it('stands in whole lines behind their names on a terminal', () => {
    const terminal = new PaperTerminal({ tty: true, env: plain });
    const run = beginBoth(terminal);
    run
      .print(0, 'stdout', 'one tw')
      .print(1, 'stdout', 'uno\ndue\n')
      .print(0, 'stdout', 'o\nlast')
      .print(1, 'stderr', 'oh\n');
    run.end(0, { state: 'passed' }).print(1, 'stdout', 'alone\n').end(1, { state: 'passed' });
    const printed = terminal.all.split('\n').filter(line => /\||alone/.test(line));
    assert.deepEqual(printed, [
      'right | uno',
      'right | due',
      'left | one two',
      'right | oh',
      'left | last',
      'alone',
    ]);
  });

  it('is data where it goes elsewhere', () => {
    const terminal = new PaperTerminal({ env: plain });
    beginBoth(terminal).print(0, 'stdout', 'one tw').print(1, 'stdout', 'uno\n').print(0, 'stdout', 'o\n');
    assert.equal(terminal.stdout.text, 'one twuno\no\n');
  });

  it('is held for a line no longer than a line can be', () => {
    const terminal = new PaperTerminal({ tty: true, env: plain });
    beginBoth(terminal).print(0, 'stdout', 'x'.repeat(8000)).print(0, 'stdout', 'y'.repeat(8000));
    assert.match(terminal.all, /^left \| x{8000}y{8000}$/m);
    const other = new PaperTerminal({ tty: true, env: plain });
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    const long = Buffer.concat([Buffer.from('z'.repeat(9000)), first]);
    beginBoth(other)
      .print(0, 'stdout', long)
      .print(0, 'stdout', Buffer.concat([second, Buffer.from('\n')]));
    assert.match(other.all, /^left \| z{9000}\nleft \| é$/m);
  });

  it('of one with a terminal of its own is as it came', () => {
    const terminal = new PaperTerminal({ tty: true, env: plain });
    const run = beginBoth(terminal).step(0, { tty: true });
    run.print(0, 'stdout', 'name? ').print(1, 'stdout', 'line\n');
    assert.match(terminal.all, /^name\? \nright \| line$/m);
  });
});
