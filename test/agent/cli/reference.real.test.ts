import * as assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type * as z from 'zod';
import { ConfigFile } from '../../../agent/config/configFile';
import { PolicyFile } from '../../../agent/config/policyFile';
import { knownAttributes } from '../../../agent/runbook/knownAttributes';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { dockerd, startDocker } from '../../support/engine/dockerd';
import { needs } from '../../support/realSystem';
import { Place } from './handrail';

const file = resolve('runbooks/reference.runbook.md');

/** How the example cells end that do not simply pass: chosen alone, with every approval given. */
const endings: Readonly<Record<string, readonly [exit: number, said: RegExp]>> = {
  'when-skipped': [0, /○ when-skipped {2}skipped/],
  'unless-satisfied': [0, /○ unless-satisfied {2}skipped \(satisfied\)/],
  'fails-and-undoes': [1, /✓ put-back/],
  'too-slow': [1, /✗ too-slow .*timed out/],
  'may-fail': [1, /✗ may-fail .*exit 1/],
};

/** What the others print. */
const prints: Readonly<Record<string, RegExp>> = {
  named: /^this step is called named$/m,
  'needs-named': /^named has passed$/m,
  asks: /^approved$/m,
  'as-pasted': /^still here$/m,
  'with-variables': /^green 2$/m,
  'no-terminal': /^a pipe$/m,
  'uses-variable': /^today is \d{4}-\d\d-\d\d$/m,
  'uses-file': /^11$/m,
  'after-both': /^left, forgotten$/m,
  'uses-several': /^1\.2\.3: first line\nsecond line$/m,
  'only-by-hand': /^run because it was chosen$/m,
  left: /^left$/m,
  right: /^right$/m,
  counted: /2/,
  'gets-secret': /^1$/m,
  greets: /^hello$/m,
  'uses-inputs': /^api has 3 replicas, blue, careful: true$/m,
  'hides-secret': /^the token is •••$/m,
};

describe('the reference', () => {
  it('has a row for every attribute and every key of the front matter', async () => {
    const text = await readFile(file, 'utf8');
    const rows = [...text.matchAll(/^\| (`[^|]*?) \|/gm)].map(([, first = '']) => first);
    const named = new Set(rows.flatMap(row => [...row.matchAll(/`([\w-]+)/g)].map(([, name]) => name)));
    const keys = [
      'title',
      'description',
      'owner',
      'tags',
      'shell',
      'cwd',
      'env',
      'dotenv',
      'inputs',
      'requires',
    ];
    const missing = [...knownAttributes, ...keys, 'secrets', 'target', 'defaults', 'identity'].filter(
      name => !named.has(name),
    );
    assert.deepEqual(missing, []);
  });

  for (const [name, schema] of [
    ['config.yaml', ConfigFile],
    ['.handrail.yaml', PolicyFile],
  ] as const) {
    it(`has a row for every key of ${name}, with an example that is one`, async () => {
      const rows = tableBelow(`### ${name}`, await readFile(file, 'utf8'));
      assert.deepEqual(rows.map(([key]) => key).toSorted(), keysOf(schema).toSorted());
      for (const [key = '', example = ''] of rows) {
        const value: unknown = parse(example);
        const { error } = schema.safeParse(value);
        assert.equal(error, undefined, `${example}: ${error?.message}`);
        const named = key
          .split('.')
          .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], value);
        assert.notEqual(named, undefined, `${example} has ${key}`);
      }
    });
  }

  it('leaves nothing behind that would make a background cell ready', async () => {
    await using place = await Place.make();
    const temporary = join(place.path, 'tmp');
    await mkdir(temporary);
    const { code, stderr } = await place.run(['run', file, 'server'], { env: { TMPDIR: temporary } });
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      (await readdir(temporary)).filter(name => name.includes('beats')),
      [],
    );
  });

  it('has nothing that is doubtful', async () => {
    const { diagnostics } = parseRunbook(await readFile(file, 'utf8'));
    assert.deepEqual(diagnostics, []);
  });

  it('passes from top to bottom', async () => {
    await using place = await Place.make();
    const { code, stdout, stderr } = await place.run(['run', file]);
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /not-a-real-token/);
  });

  it('does in each example what it says', async () => {
    await using place = await Place.make();
    const { cells } = parseRunbook(await readFile(file, 'utf8'));
    for (const { name, attributes } of cells) {
      if (isInContainer(attributes)) continue;
      const { code, stdout, stderr } = await place.run(['run', file, name, '--yes']);
      const [exit, said] = endings[name] ?? [0, /./];
      assert.equal(code, exit, `${name}: ${stdout}${stderr}`);
      assert.match(stderr, said, name);
      if (prints[name] !== undefined) assert.match(stdout, prints[name], name);
    }
  }).timeout(120_000);

  describe('with an engine', function () {
    this.timeout(120_000);
    before(needs(dockerd));

    it('does in its container what it says', async () => {
      await using engine = await startDocker();
      await engine.load('python');
      await engine.docker('tag', 'localhost/python:1', 'python:3.13-slim');
      await using place = await Place.make({ 'a.md': await readFile(file, 'utf8') });
      const { code, stdout, stderr } = await place.run(['run', 'a.md', 'in-a-container'], {
        env: engine.env,
      });
      assert.equal(code, 0, stderr);
      assert.equal(stdout, 'Python 3\n');
    });
  });
});

function isInContainer(attributes: readonly { key: string; value?: unknown }[]): boolean {
  return attributes.some(({ key, value }) => key === 'target' && value !== 'local');
}

/** Key and example of each row. */
function tableBelow(heading: string, text: string): (string | undefined)[][] {
  const [, section = ''] = text.split(`\n${heading}\n`);
  const [own = ''] = section.split('\n#');
  return [...own.matchAll(/^\| `([\w.]+)` \|.*\| `(.*)` \|$/gm)].map(([, key, example]) => [key, example]);
}

/** `retention.age` for a key within another. */
function keysOf(schema: z.ZodType): string[] {
  const { shape, def } = schema as { shape?: Record<string, z.ZodType>; def: { innerType?: z.ZodType } };
  if (shape === undefined) return def.innerType === undefined ? [] : keysOf(def.innerType);
  return Object.entries(shape).flatMap(([key, inner]) => {
    const within = keysOf(inner);
    return within.length === 0 ? [key] : within.map(name => `${key}.${name}`);
  });
}
