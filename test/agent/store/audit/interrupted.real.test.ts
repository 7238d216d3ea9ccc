import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../../agent/store/openStore';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';

const script = join(import.meta.dirname, 'auditWriter.ts');

describe('a writer of the audit log that is interrupted before each of its calls', function () {
  this.timeout(120_000);

  it('by kill −9: the chain holds, and the copy has each row once and in order after the next one', () =>
    atEachCall(async (folder, copy, call) => {
      const child = write(folder, copy, call, 'SIGKILL');
      const [code] = (await once(child, 'exit')) as [number | null];
      const store = openStore(folder, { auditCopy: copy });
      const { rows, ...rest } = store.audit.verify();
      assert.deepEqual(rest, {}, `before call ${call}`);
      store.audit.append({ action: 'step.ended', actor: 'parent', subject: '', details: {} });
      assert.deepEqual(store.audit.verify(), { rows: rows + 1 }, `before call ${call}`);
      assert.deepEqual(numbers(copy), upTo(rows + 1), `before call ${call}`);
      store.close();
      return code !== 0;
    }));

  it('by another one that writes meanwhile: it is one chain, and so is the copy', function () {
    if (process.platform !== 'linux') this.skip();
    return atEachCall(async (folder, copy, call) => {
      const child = write(folder, copy, call, 'SIGSTOP');
      const ended = once(child, 'exit');
      const reached = await waitFor('it to stop or to end', () => {
        if (child.exitCode !== null) return 'end';
        return isStopped(child) ? 'call' : undefined;
      });
      if (reached === 'end') return false;
      const store = openStore(folder, { auditCopy: copy, patience: 20 });
      // Where it was stopped with the lock there is nothing to write yet.
      const written = attempt(() =>
        store.audit.append({ action: 'step.ended', actor: 'parent', subject: '', details: {} }),
      );
      child.kill('SIGCONT');
      assert.equal((await ended)[0], 0);
      const rows = written ? 3 : 2;
      assert.deepEqual(store.audit.verify(), { rows }, `before call ${call}`);
      assert.deepEqual(numbers(copy), upTo(rows), `before call ${call}`);
      assert.match(readFileSync(join(folder, 'audit.head'), 'latin1'), new RegExp(`^ +${rows} `));
      store.close();
      return true;
    });
  });
});

/** Until a writer ended without having been interrupted; a few of them at a time. */
async function atEachCall(
  check: (folder: string, copy: string, call: number) => Promise<boolean>,
): Promise<void> {
  let calls = 0;
  for (let reached = true; reached; calls += atOnce) {
    const all = Array.from({ length: atOnce }, async (_, at) => {
      await using folder = await temporaryFolder('handrail-audit-call');
      return check(folder.path, join(folder.path, 'copy.jsonl'), calls + at);
    });
    reached = (await Promise.all(all)).every(Boolean);
  }
  assert.ok(calls > 20, 'it was interrupted at all');
}

const atOnce = 4;

function write(folder: string, copy: string, call: number, signal: NodeJS.Signals): ChildProcess {
  const args = ['--import', 'tsx', script, folder, 'child', '2', copy, String(call), signal];
  return spawn(process.execPath, args, { stdio: 'inherit' });
}

function isStopped({ pid }: ChildProcess): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    assert.match(String(error), /locked/);
    return false;
  }
}

function numbers(copy: string): number[] {
  const lines = readFileSync(copy, 'utf8')
    .split('\n')
    .filter(line => line !== '');
  return lines.map(line => (JSON.parse(line) as { number: number }).number);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}
