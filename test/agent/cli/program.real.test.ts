import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commands } from '../../../agent/cli/commands';
import type { CommandSpec } from '../../../agent/cli/commandSpec';
import { Place, runbook } from './handrail';

const execute = promisify(execFile);

describe('handrail', () => {
  const all = (list: readonly CommandSpec[], above: string[]): [string[], CommandSpec][] =>
    list.flatMap(spec => [
      [[...above, spec.name], spec] as [string[], CommandSpec],
      ...all(spec.commands ?? [], [...above, spec.name]),
    ]);
  it('has help with examples for every command', async () => {
    await using place = await Place.make();
    await Promise.all(
      all(commands, []).map(async ([path, spec]) => {
        const { code, stdout } = await place.run([...path, '--help']);
        assert.equal(code, 0);
        assert.ok(stdout.includes('Examples:'), path.join(' '));
        for (const { flags } of spec.options ?? []) assert.ok(stdout.includes(flags), flags);
      }),
    );
  });

  it('knows -h, -V and what it does not know', async () => {
    await using place = await Place.make();
    assert.match((await place.run(['-V'])).stdout, /^handrail \d+\.\d+\.\d+\n$/);
    assert.match((await place.run(['-h'])).stdout, /^Usage: handrail/);
    assert.equal((await place.run([])).code, 2);
    const { code, stderr } = await place.run(['rnu']);
    assert.equal(code, 2);
    assert.match(stderr, /unknown command 'rnu'\n\(Did you mean run/);
  });

  it('says in plain words what is not there, and from where cells read', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'true' }) });
    const rows: [string[], string][] = [
      [['list', 'nofile.md'], 'handrail: nofile.md is not there\n'],
      [['list', 'a.md/b'], 'handrail: a.md/b is no folder, or below something that is none\n'],
      [['-C', 'nope', 'list'], 'handrail: cannot work there: nope is not there\n'],
    ];
    for (const [args, stderr] of rows) assert.equal((await place.run(args)).stderr, stderr);
    assert.match((await place.run(['run', '--help'])).stdout, /cells read from \/dev\/null/);
  });

  it('prints completions that the shells can read', async () => {
    await using place = await Place.make();
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout } = await place.run(['completion', shell]);
      const file = join(place.path, `completion.${shell}`);
      await writeFile(file, stdout);
      for (const { name } of commands) assert.ok(stdout.includes(name), `${shell}: ${name}`);
      await execute(shell, ['-n', file]).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      });
    }
    const script = `. ./completion.bash; COMP_WORDS=(handrail runs --state pa); COMP_CWORD=3; _handrail; echo "\${COMPREPLY[@]}"`;
    const { stdout } = await execute('bash', ['-c', script], { cwd: place.path });
    assert.equal(stdout, 'passed\n');
    assert.equal((await place.run(['completion', 'tcsh'])).code, 2);
  });

  it('looks for what it needs and says how to get it', async () => {
    await using place = await Place.make();
    const { code, stdout } = await place.run(['doctor', '--json'], { env: { PATH: place.path } });
    assert.equal(code, 0);
    const findings = JSON.parse(stdout) as { name: string; state: string; fix?: string }[];
    assert.equal(findings.find(({ name }) => name === 'handrail')?.state, 'present');
    const bash = findings.find(({ name }) => name === 'bash');
    assert.deepEqual([bash?.state, bash?.fix], ['absent', 'apt-get install bash']);
  });

  it('finds the data folder broken where it is a file', async () => {
    await using place = await Place.make({ taken: '' });
    const { code, stdout } = await place.run(['doctor'], {
      env: { HANDRAIL_HOME: join(place.path, 'taken') },
    });
    assert.equal(code, 1);
    assert.match(stdout, /✗ {2}data folder/);
  });

  it('hands over to a newer Node where this one is too old, or says what to install', async () => {
    await using place = await Place.make({
      'a.md': runbook({ a: 'exit 6' }),
      'old.cjs': `if (!process.env.HANDRAIL_LAUNCHED) Object.defineProperty(process.versions, 'node', { value: '18.20.0' });`,
    });
    const node = ['--require', join(place.path, 'old.cjs')];
    const through = await place.run(['run', 'a.md'], { node, env: { HANDRAIL_NODE: process.execPath } });
    assert.equal(through.code, 1);
    assert.match(through.stderr, /exit 6/);
    const gone = await place.run(['run', 'a.md'], {
      node,
      env: { HANDRAIL_NODE: join(place.path, 'no-node') },
    });
    assert.equal(gone.code, 2);
    assert.match(gone.stderr, /cannot start .*no-node/);
  });
});
