import type { ComparedObject } from '../../protocol/clusterManifests';
import type { Call } from '../call';
import { wordDiagnostics } from '../present/wordDiagnostics';
import { printRows } from '../terminal/columns';
import { plain, sayCount, sayPath } from '../terminal/words';
import type { Drift } from './driftCommand';

const words: Readonly<Record<ComparedObject['state'], string>> = {
  inSync: 'in sync',
  changed: 'changed',
  missing: 'missing',
  extra: 'extra',
  failed: 'failed',
};

/** Prints what differs with its diffs, what is wrong to stderr, and a line that sums it up. */
export function wordDrift(drift: Drift, { terminal, cwd, options }: Call): void {
  const { stdout, stderr } = terminal;
  const { objects, problems } = drift;
  for (const problem of problems)
    void stderr.write(`${wordDiagnostics([problem], problem.file, cwd).join('\n')}\n`);
  const shown = options.flag('verbose') ? objects : objects.filter(({ state }) => state !== 'inSync');
  const { marks } = stdout.paint;
  printRows(
    stdout,
    shown.map(({ state, id, file, line, message, hint }) => [
      state === 'inSync' ? marks.passed : marks.failed,
      words[state],
      plain(id),
      file === undefined ? '' : `${plain(sayPath(file, cwd))}:${line ?? 1}`,
      plain([message, hint].filter(Boolean).join('. ')),
    ]),
  );
  if (!options.flag('quiet'))
    for (const { diff } of shown) if (diff !== '') void stdout.write(`\n${diffLines(diff, stdout.paint)}`);
  void stdout.write(`${shown.length > 0 ? '\n' : ''}${sumUp(drift)}\n`);
}

function diffLines(diff: string, paint: Call['terminal']['stdout']['paint']): string {
  return diff
    .split('\n')
    .map(line => line.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' '))
    .map(line => {
      if (line.startsWith('+')) return paint.color('green', line);
      return line.startsWith('-') ? paint.color('red', line) : line;
    })
    .join('\n');
}

/** `shop at https://…: 3 objects: 1 changed, 2 in sync` */
function sumUp({ objects, context, server, madeBy }: Drift): string {
  const where = `${plain(context)} at ${plain(server)}`;
  if (objects.length === 0) return `${where}: there is no manifest here.`;
  const counts = (Object.keys(words) as ComparedObject['state'][])
    .map(state => [objects.filter(each => each.state === state).length, words[state]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const by = madeBy === 'kustomize' ? ' of a kustomization' : '';
  return `${where}: ${sayCount(objects.length, 'object')}${by}: ${counts.join(', ')}`;
}
