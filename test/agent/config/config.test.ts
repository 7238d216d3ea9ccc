import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
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
        'production: prod-*\nreadOnly: ["/^ro/"]\naudit: {copy: /var/log/handrail}\nendpoints: {lab: tcp://lab:2376}\n',
    );
    const { config, problems } = readConfig({ config: folder });
    assert.deepEqual(problems, []);
    assert.equal(config.timeout, 1_800_000);
    assert.deepEqual(config.retention, { runs: 10, age: 7_776_000_000, size: 2 ** 31 });
    assert.equal(config.production[0]?.matches('prod-eu'), true);
    assert.equal(config.production[0]?.matches('no-prod-eu'), false);
    assert.equal(config.readOnly[0]?.matches('ro-1'), true);
    assert.equal(config.endpoints['lab']?.address, 'tcp://lab:2376');
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
    it('is every file up to the top, the nearest first, also those around a repository within', async () => {
      await write('repo/docs/deep/.git/HEAD', '');
      await write('repo/.handrail.yaml', 'forbid: {languages: php}\n');
      await write(
        'repo/docs/.handrail.yaml',
        'forbid: {effects: [destroy]}\nrequire: {approval: [production], timeout: 5m}\n',
      );
      const policies = readPolicies(join(folder, 'repo/docs/deep/x.md'));
      assert.deepEqual(
        policies.map(({ file }) => file),
        [join(folder, 'repo/docs/.handrail.yaml'), join(folder, 'repo/.handrail.yaml')],
      );
      assert.deepEqual(policies[0]?.forbid.effects, ['destroy']);
      assert.deepEqual(policies[1]?.forbid.languages, [{ written: 'php', id: 'php' }]);
      assert.equal(policies[0]?.require.timeout, 300_000);
    });

    it('is found where links lead, and where they lie', async () => {
      await write('repo/.handrail.yaml', 'forbid: {effects: destroy}\n');
      await write('repo/docs/x.md', '');
      await write('beside/.handrail.yaml', 'forbid: {effects: change}\n');
      await symlink(join(folder, 'repo/docs/x.md'), join(folder, 'beside/file.md'));
      await symlink(join(folder, 'repo/docs'), join(folder, 'beside/docs'));
      const found = (path: string): string[] =>
        readPolicies(join(folder, path)).map(({ file }) => relative(folder, file));
      assert.deepEqual(found('beside/file.md'), ['beside/.handrail.yaml', 'repo/.handrail.yaml']);
      assert.deepEqual(found('beside/docs/x.md'), ['beside/.handrail.yaml', 'repo/.handrail.yaml']);
      assert.deepEqual(found('repo/docs/never-saved.md'), ['repo/.handrail.yaml']);
    });

    it('counts whatever HOME says', async () => {
      await write('repo/.handrail.yaml', 'forbid: {effects: destroy}\n');
      const { HOME } = process.env;
      process.env['HOME'] = join(folder, 'repo/docs');
      const policies = readPolicies(join(folder, 'repo/docs/x.md'));
      process.env['HOME'] = HOME;
      assert.equal(policies.length, 1);
    });

    it('is refused under a name that nothing reads', async () => {
      await write('repo/.handrail.yml', 'forbid: {effects: destroy}\n');
      assert.throws(
        () => readPolicies(join(folder, 'repo/x.md')),
        /\.handrail\.yml:1:1: .*would not hold\. Call it \.handrail\.yaml/,
      );
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
      [
        'forbid: {languages: [php, klingon]}\n',
        /:1:27: forbid\.languages\.1: there is no language klingon: bash,/,
      ],
      [
        'require:\n  requires:\n    kubectl: banana\n',
        /:3:5: require\.requires\.kubectl: banana is no range/,
      ],
      ['production: a\nproduction: b\n', /:2:1: Map keys must be unique/],
      [`# ${'x'.repeat(300_000)}\n`, /:1:1: It has more than 256 KiB/],
    ];
    for (const [text, message] of refusals) {
      it(`refuses everything where it says ${JSON.stringify(text).slice(0, 80)}`, async () => {
        await write('.handrail.yaml', text);
        assert.throws(
          () => readPolicies(join(folder, 'x.md')),
          (error: unknown) => {
            assert.ok(error instanceof HandrailError);
            assert.equal(error.code, 'invalidRunbook');
            assert.match(error.message, message);
            return true;
          },
        );
      });
    }

    const commands: readonly (readonly [rule: string, text: string, fits: boolean | 'may run'])[] = [
      ['terraform destroy', 'cd x\nterraform   destroy -auto', true],
      ['terraform destroy', 'terraform plan; destroy', false],
      ['rm', 'sudo rm -r x', true],
      ['rm', 'inform', false],
      ['kubectl delete', 'kubectl -n x delete pod y', true],
      ['kubectl delete', 'kubectl --context="prod eu" -n=x --force delete pod', true],
      ['kubectl delete', '"kubectl" \'delete\' x', true],
      ['kubectl delete', 'kubectl get delete', false],
      ['kubectl delete', 'kubectl -n x\ndelete', false],
      ['terraform apply -auto-approve', 'terraform -chdir=x apply -var a=b -auto-approve', true],
      ['terraform apply -auto-approve', 'terraform apply -out=a -var=b', false],
      ['kubectl delete', 'kubectl "-n" shop delete pod x', true],
      ['kubectl delete', 'kubectl -n "${NS:-a b}" delete pod x', true],
      ['kubectl delete', 'kubectl -n ${NS:-a b} delete pod x', true],
      ['kubectl delete', 'kubectl -n `ns` delete pod x', true],
      ['kubectl delete', 'kubectl -n=$(cat "a b") delete pod x', true],
      ['kubectl delete', 'kubectl >log 2>&1 delete pod x', true],
      ['kubectl delete', 'kubectl $FLAGS delete pod x', true],
      ['kubectl delete', 'kube""ctl d\\elete pod x', true],
      ['kubectl delete', "bash -c 'set -e; kubectl delete pod x'", true],
      ['kubectl delete', 'echo "$(kubectl delete pod x)"', true],
      ['kubectl delete', "it's so\nkubectl '-n' x delete y", true],
      ['kubectl delete', "execFileSync('kubectl', ['-n', ns, 'delete'])", true],
      ['kubectl delete', 'run(["kubectl", "delete", "pod"])', true],
      ['kubectl delete', '/usr/bin/kubectl delete x', true],
      ['kubectl delete', 'x # kubectl\ndelete', false],
      ['kubectl delete', 'kubectl get pods; echo delete', false],
      ['kubectl delete', 'kubectl get pods | xargs delete', false],
      ['kubectl delete', 'kubectl deletes', false],
      ['rm -rf', 'rm -fr x', true],
      ['rm -rf', 'rm -r -f x', true],
      ['rm -rf', 'rm x --recursive --force', true],
      ['rm -rf', 'rm -r x', false],
      ['rm -rf /', 'rm -rf /tmp', false],
      ['rm -rf /', 'rm -f -r /', true],
      ['rm -rf', 'rm -Rf x', true],
      ['git push -f', 'git push origin --force', true],
      ['git push --force', 'git push --force-with-lease', false],
      ['docker compose down -v', 'docker compose -f x.yml down --volumes', true],
      ['kubectl delete', 'kubectl &>log delete x', true],
      ['kubectl delete', 'kubectl {delete,pod}', true],
      ['kubectl delete', 'kubectl -n x \\\r\n  delete y', true],
      ['kubectl delete', `bash -c "bash -c 'kubectl \\"delete\\" x'"`, true],
      ['kubectl delete', `cat <<'E'\nit's\nE\nkubectl "-n" shop delete x; echo 'a'\n`, true],
      ['kubectl delete', `run(['kubectl', f'--namespace={ns}', 'delete', 'pod'])`, true],
      ['kubectl delete', `run('kubectl -n ' + ns + ' delete pod', shell=True)`, true],
      ['kubectl delete', 'spawn("kubectl",\n  ["delete"])', true],
      ['terraform destroy', 'terraform -chdir="$(cd "a b"; pwd)" destroy', true],
      ['kubectl delete', 'K=kubectl; $K delete pod', 'may run'],
      ['kubectl delete', 'kubectl $(echo delete) pod', 'may run'],
      ['kubectl delete', 'sudo kubectl "$VERB" pod', 'may run'],
      ['rm -rf', '$RM -rf x', 'may run'],
      ['rm -rf', 'rm "$x"', false],
      ['rm', '"$x" y', false],
      ['kubectl delete', 'kubectl get "$POD"', false],
      ['kubectl delete', 'kubectl -n $NS get pods', false],
      ['kubectl delete', 'curl $URL/delete', false],
      ['/rm\\s+-rf?/', 'x; rm -r y', true],
      ['/^kubectl delete/', 'x\nkubectl delete y', true],
      ['/^kubectl delete/', 'echo kubectl delete y', false],
    ];
    for (const [rule, text, fits] of commands) {
      it(`${rule} ${fits === true ? 'fits' : fits || 'does not fit'} ${JSON.stringify(text)}`, async () => {
        await write('.handrail.yaml', `forbid: {commands: [${JSON.stringify(rule)}]}\n`);
        const [policy] = readPolicies(join(folder, 'x.md'));
        assert.equal(policy?.forbid.commands[0]?.tell(text), fits === true ? 'runs' : fits || 'no');
      });
    }

    for (const [what, text] of Object.entries({
      options: `kubectl${' -a b'.repeat(50_000)}`,
      programs: 'kubectl -a '.repeat(50_000),
      quotes: `'${'"`'.repeat(50_000)}`,
      substitutions: '$(${'.repeat(50_000),
      'substitutions in quotes': '"$('.repeat(50_000),
      strings: `"+${' '.repeat(100_000)}`.repeat(2),
      'strings put together': '" + a + '.repeat(30_000),
      lists: `{${'a,'.repeat(50_000)}`,
    })) {
      it(`looks for commands in linear time, whatever there is of ${what}`, async () => {
        await write('.handrail.yaml', 'forbid: {commands: [kubectl delete]}\n');
        const [policy] = readPolicies(join(folder, 'x.md'));
        const started = performance.now();
        policy?.forbid.commands[0]?.tell(text);
        assert.ok(performance.now() - started < 5000);
      });
    }
  });
});
