import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitState } from '../../../../agent/engine/run/gitState';
import { git as gitProgram } from '../../../support/programs';
import { needs } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('what git says of a runbook', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const env = { PATH: process.env.PATH ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: folder.path,
      env,
    }).toString();

  before(needs(gitProgram));

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-git');
  });

  afterEach(() => folder[Symbol.asyncDispose]());

  it('is the commit and whether tracked files differ from it', async () => {
    const sub = join(folder.path, 'sub');
    mkdirSync(sub);
    assert.deepEqual(await gitState(sub, env), {});
    git('init', '-q');
    assert.deepEqual(await gitState(sub, env), { dirty: false });
    writeFileSync(join(folder.path, 'a'), '1');
    git('add', 'a');
    git('commit', '-qm', 'x');
    const commit = git('rev-parse', 'HEAD').trim();
    writeFileSync(join(folder.path, 'untracked'), '1');
    assert.deepEqual(await gitState(sub, env), { commit, dirty: false });
    writeFileSync(join(folder.path, 'a'), '2');
    assert.deepEqual(await gitState(sub, env), { commit, dirty: true });
  });

  it('is asked without running what the repository names', async () => {
    git('init', '-q');
    const hook = join(folder.path, 'hook');
    writeFileSync(hook, `#!/bin/sh\ntouch '${folder.path}/ran'\n`);
    chmodSync(hook, 0o755);
    git('config', 'core.fsmonitor', hook);
    await gitState(folder.path, env);
    assert.throws(() => execFileSync('ls', [join(folder.path, 'ran')], { stdio: 'ignore' }));
  });

  it('is only the commit where the repository names filters, and runs none of them', async () => {
    const inner = join(folder.path, 'inner');
    const ran = join(folder.path, 'ran');
    const path = join(inner, 'a');
    mkdirSync(inner);
    const both = (...args: string[]): string => git('-C', inner, ...args);
    both('init', '-q');
    writeFileSync(path, '1');
    writeFileSync(join(inner, '.gitattributes'), 'a filter=x\n');
    both('add', '.');
    both('commit', '-qm', 'x');
    const commit = both('rev-parse', 'HEAD').trim();
    writeFileSync(path, '2');
    both('config', 'filter.x.clean', `touch '${ran}'; cat`);
    assert.deepEqual(await gitState(inner, env), { commit });
    // Nor those of a submodule.
    git('init', '-q');
    git('-c', 'advice.addEmbeddedRepo=false', 'add', 'inner');
    git('commit', '-qm', 'y');
    assert.equal((await gitState(folder.path, env)).dirty, false);
    assert.ok(!existsSync(ran));
  });

  it('is nothing where git is not installed', async () => {
    mkdirSync(join(folder.path, '.git'));
    assert.deepEqual(await gitState(folder.path, { PATH: '/nowhere' }), {});
  });
});
