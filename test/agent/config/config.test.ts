import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigFile } from '../../../agent/config/configFile';
import { readConfig } from '../../../agent/config/readConfig';
import { readPolicies } from '../../../agent/config/readPolicies';
import { HandrailError } from '../../../agent/protocol/errors';

describe('configuration', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'config-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };

  it('has presets where there is no file', () => {
    const { config, problems } = readConfig({ config: folder });
    assert.deepEqual(problems, []);
    assert.deepEqual(config, ConfigFile.parse({}), 'what is spelt out is what the schema presets');
  });

  it('is read', async () => {
    await write(
      'config.yaml',
      'defaults: {timeout: 5m, tags: [a, b]}\ntimeout: 30m\nretention: {runs: 10, age: 90d, size: 2GiB}\n' +
        'production: prod-*\nreadOnly: ["/^ro/"]\naudit: {copy: /var/log/handrail}\nendpoints: [x]\n',
    );
    const { config, problems } = readConfig({ config: folder });
    assert.deepEqual(problems, []);
    assert.equal(config.timeout, 1_800_000);
    assert.deepEqual(config.retention, { runs: 10, age: 7_776_000_000, size: 2 ** 31 });
    assert.equal(config.production[0]?.matches('prod-eu'), true);
    assert.equal(config.production[0]?.matches('no-prod-eu'), false);
    assert.equal(config.readOnly[0]?.matches('ro-1'), true);
  });

  const doubtful: readonly (readonly [
    text: string,
    line: number,
    column: number,
    message: RegExp,
    hint: RegExp,
  ])[] = [
    ['timeout: 5m\nproductoin: x\n', 2, 1, /no key `productoin`/, /mean `production`/],
    ['x: 1\n', 1, 1, /no key `x`/, /There is: defaults, timeout/],
    ['retention:\n  rums: 3\n', 2, 3, /no key `rums`/, /mean `runs`/],
    ['timeout: soon\n', 1, 1, /timeout: expected a length of time/, /Mend it/],
    ['retention:\n  size: big\n', 2, 3, /retention\.size: expected a size/, /Mend it/],
    ['production: ["/(/"]\n', 1, 14, /production\.0: .*no regular expression/, /Mend it/],
    ['- a\n', 1, 1, /The file/, /Mend it/],
    ['a: [\n', 2, 1, /./, /Mend it/],
  ];
  for (const [text, line, column, message, hint] of doubtful) {
    it(`tells of ${JSON.stringify(text)}`, async () => {
      await write('config.yaml', text);
      const { problems } = readConfig({ config: folder });
      const [first] = problems;
      assert.equal(problems.length, 1);
      assert.match(first?.message ?? '', message);
      assert.match(first?.hint ?? '', hint);
      assert.deepEqual(
        [first?.severity, first?.line, first?.column],
        [text === 'x: 1\n' ? 'warning' : 'error', line, column],
      );
      assert.equal(first?.file, join(folder, 'config.yaml'));
    });
  }

  it('counts but for the keys that nobody knows', async () => {
    await write('config.yaml', 'timeout: 5m\nx: 1\n');
    assert.equal(readConfig({ config: folder }).config.timeout, 300_000);
  });

  describe('of a repository', () => {
    it('is every file up to its root, the nearest first', async () => {
      await write('.handrail.yaml', 'nonsense: of another repository\n');
      await write('repo/.git/HEAD', '');
      await write('repo/.handrail.yaml', 'forbid: {languages: php}\n');
      await write(
        'repo/docs/.handrail.yaml',
        'forbid: {effects: [destroy]}\nrequire: {approval: [production], timeout: 5m}\n',
      );
      const policies = readPolicies(join(folder, 'repo/docs/deep/x.md'), undefined);
      assert.deepEqual(
        policies.map(({ file }) => file),
        [join(folder, 'repo/docs/.handrail.yaml'), join(folder, 'repo/.handrail.yaml')],
      );
      assert.deepEqual(policies[0]?.forbid.effects, ['destroy']);
      assert.deepEqual(policies[1]?.forbid.languages, ['php']);
      assert.equal(policies[0]?.require.timeout, 300_000);
    });

    it('ends at the home folder', async () => {
      await write('.handrail.yaml', 'nonsense: above\n');
      await write('home/x.md', '');
      assert.deepEqual(readPolicies(join(folder, 'home/x.md'), join(folder, 'home')), []);
    });

    const refusals: readonly (readonly [text: string, message: RegExp])[] = [
      ['forbid:\n  commands: ["/(/"]\n', /\.handrail\.yaml:2:14: forbid\.commands\.0: .*regular/],
      ['forbid:\n  - x\n', /:1:1: forbid: /],
      ['allow: {commands: [rm]}\n', /:1:1: `allow` has no place here: .*never allow/],
      ['x: 1\ndefaults: {}\n', /:1:1: There is no key `x`.*\n.*:2:1: `defaults` has no place/],
      ['forbidd: {effects: [destroy]}\n', /:1:1: There is no key `forbidd`.*mean `forbid`/],
      ['require: {approval: false}\n', /:1:11: require\.approval\.0: .*expected string/],
      ['require: {approval: [effect=burn]}\n', /:1:22: .*no effect burn/],
      ['forbid: {effects: [all]}\n', /:1:20: /],
      ['a: [\n', /:2:1: /],
    ];
    for (const [text, message] of refusals) {
      it(`refuses everything where it says ${JSON.stringify(text)}`, async () => {
        await write('.handrail.yaml', text);
        assert.throws(
          () => readPolicies(join(folder, 'x.md'), undefined),
          (error: unknown) => {
            assert.ok(error instanceof HandrailError);
            assert.equal(error.code, 'invalidRunbook');
            assert.match(error.message, message);
            return true;
          },
        );
      });
    }

    const commands: readonly (readonly [rule: string, text: string, fits: boolean])[] = [
      ['terraform destroy', 'cd x\nterraform   destroy -auto', true],
      ['terraform destroy', 'terraform plan; destroy', false],
      ['rm', 'sudo rm -r x', true],
      ['rm', 'inform', false],
      ['/rm\\s+-rf?/', 'x; rm -r y', true],
      ['/^kubectl delete/', 'x\nkubectl delete y', true],
      ['/^kubectl delete/', 'echo kubectl delete y', false],
    ];
    for (const [rule, text, fits] of commands) {
      it(`${rule} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(text)}`, async () => {
        await write('.handrail.yaml', `forbid: {commands: [${JSON.stringify(rule)}]}\n`);
        const [policy] = readPolicies(join(folder, 'x.md'), undefined);
        assert.equal(policy?.forbid.commands[0]?.matches(text), fits);
      });
    }
  });
});
