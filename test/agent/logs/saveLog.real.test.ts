import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { OpenLog } from '../../../agent/logs/mergedLines';
import { saveLog } from '../../../agent/logs/saveLog';

const run = promisify(execFile);

/** A log of one piece of news. */
const script = `
const { saveLog } = await import(process.argv[1]);
const lines = [[0, '', false, 'x'.repeat(1_500_000)]];
const sources = [{ index: 0, name: 'a', state: 'ended' }];
const log = { sources, run: tell => tell({ lines, ended: true }), close: () => undefined };
await saveLog(log, { path: process.argv[2], timestamps: false }).then(
  written => console.log(JSON.stringify(written)),
  error => console.log(JSON.stringify({ code: error.code, reason: error.details.reason })),
);
`;

describe('saving a log', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'handrail-save-'))));
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

  it('counts bytes and lines as they are in the file', async () => {
    const sources = [{ index: 0, name: 'a', state: 'ended' as const }];
    const log: OpenLog = {
      sources,
      run: async tell => {
        await tell({ lines: [[0, 't', false, 'é'.repeat(300_000), true]], ended: false });
        await tell({
          lines: [
            [0, 't', false, '…'],
            [0, 't', true, 'b'],
          ],
          ended: true,
        });
      },
      close: () => undefined,
    };
    const path = join(folder, 'a.log');
    const { bytes, lines } = await saveLog(log, { path, timestamps: false });
    const text = await readFile(path, 'utf8');
    assert.equal(text, `${'é'.repeat(300_000)}…\nb\n`);
    assert.deepEqual([bytes, lines], [Buffer.byteLength(text), 2]);
  });

  it('does not take a file for whole of which only a part could be written', async function () {
    if (process.platform === 'win32') return this.skip();
    this.timeout(60_000);
    const path = join(folder, 'a.log');
    const module = pathToFileURL(join(import.meta.dirname, '../../../agent/logs/saveLog.ts')).href;
    // The system writes what fits, and says so; what comes after that it refuses.
    const limited = 'ulimit -f 1000 && exec "$0" --import=tsx --input-type=module -e "$1" "$2" "$3"';
    const { stdout } = await run('sh', ['-c', limited, process.execPath, script, module, path], {
      cwd: join(import.meta.dirname, '../../..'),
    });
    assert.deepEqual(JSON.parse(stdout), { code: 'store', reason: 'EFBIG' });
    assert.deepEqual(await readdir(folder), []);
  });
});
