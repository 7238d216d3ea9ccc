import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createHarness, type Harness, until } from './harness';

const terminal = { columns: 80, rows: 24 };
const big = "export BIG=$(head -c 200000 /dev/zero | tr '\\0' x)";

describe('a cell whose program cannot be started', () => {
  let harness: Harness;
  beforeEach(async () => void (harness = await createHarness()));
  afterEach(() => harness.close());

  for (const language of ['python', 'node', 'perl', 'zsh']) {
    for (const size of [undefined, terminal]) {
      it(`says what is too large and leaks nothing: ${language}${size ? ' on a terminal' : ''}`, async () => {
        const cell = { language, text: '1;', terminal: size };
        await harness.run({ ...cell, text: language === 'zsh' ? ':' : cell.text });
        await harness.close();
        harness = await createHarness();
        await harness.run({ text: `echo; ${big}` });
        await harness.run(cell);
        const before = descriptors();
        for (let i = 0; i < 5; i++) {
          const { ending } = await harness.run(cell);
          assert.equal(ending.reason, 'error');
          assert.match(ending.message ?? '', /environment is too large: unset BIG \(200000 bytes\)$/);
        }
        await until(() => descriptors() <= before);
        await harness.run({ text: 'unset BIG' });
        assert.equal((await harness.run(cell)).ending.reason, 'exit');
      });
    }
  }

  it('leaks nothing where the program is no program', async () => {
    await harness.run({ text: 'printf "#!/nowhere/x\\n" >x; chmod +x x; umask 022' });
    const cell = { language: 'x', text: 'x', interpreter: [`${harness.folder}/x`], terminal };
    await harness.run(cell);
    const before = descriptors();
    for (let i = 0; i < 5; i++) await harness.run(cell);
    await until(() => descriptors() <= before);
  });

  it('leaks no terminal of an interpreter that ends between cells', async () => {
    const cell = {
      language: 'python',
      text: 'import os, threading; pid = os.getpid(); print(pid)',
      terminal,
    };
    const crash = async (): Promise<void> => {
      const { out } = await harness.run(cell);
      const pid = Number(out.trim().split('\n').at(-1));
      assert.ok(pid > 1, out);
      process.kill(pid, 'SIGKILL');
      await until(() => !isThere(pid));
    };
    await crash();
    const before = descriptors();
    for (let i = 0; i < 3; i++) await crash();
    await until(() => descriptors() <= before);
  });
});

/** Also true of a process whose end has not been noticed yet. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
