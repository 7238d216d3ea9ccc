import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRunbook } from '../../../../agent/runbook/parseRunbook';
import { findPlaceholders, placeholderVariable } from '../../../../agent/runbook/substitute/placeholders';
import listed from '../../../fixtures/placeholders.json';

function namesIn(text: string, tag = 'sh'): string[] {
  const source = `\`\`\`${tag}\n${text}\n\`\`\`\n`;
  return parseRunbook(source).cells.flatMap(cell => findPlaceholders(cell, source).map(({ name }) => name));
}

function check(text: string, ...names: string[]): void {
  it(JSON.stringify(text), () => assert.deepEqual(namesIn(text), names));
}

describe('findPlaceholders', () => {
  describe('finds', () => {
    check('kubectl get pods -n <namespace>', 'namespace');
    check('kubectl logs <pod name> -n <your-namespace> --since=<n>', 'pod-name', 'your-namespace', 'n');
    check('export PROJECT=<PROJECT_ID>', 'PROJECT_ID');
    check('ssh <user>@<host>.example.com', 'user', 'host');
    check('curl http://<host>:8080/<path>?a=<b>', 'host', 'path', 'b');
    check('docker run <image>:<tag> -v <dir>/data:/data', 'image', 'tag', 'dir');
    check('helm install <release>-api ./<chart>', 'release', 'chart');
    check('kubectl exec <pod> -- ls > out.txt', 'pod');
    check('kubectl exec <pod> | grep x; cat <file>; ls', 'pod', 'file');
    check('TOKEN="<your token>" A="<Token>" B=\'<your-token>\'', 'your-token', 'Token', 'your-token');
    check('curl -H "Authorization: Bearer <your-token>"', 'your-token');
    check('curl "https://x/<account_id>/y"', 'account_id');
    check('echo "hello <your name>" "<your name>"', 'your-name');
    check('source env.rc <path/to/clouds.yaml> <cloud>', 'path-to-clouds-yaml', 'cloud');
    check('kubectl apply -f <file.yaml>', 'file-yaml');
    check('kubectl apply -f <file.yaml> -n <ns>', 'file-yaml', 'ns');
    check("cp <cluster's name> b", 'cluster-s-name');
    check('git log --since <YYYY-MM-DD> --until=<YYYY-MM-DD>', 'since', 'until');
    check('export KUBECONFIG=<...>', 'KUBECONFIG');
    check('foo <host:port> <a|b>', 'host-port', 'a-b');
    check('echo $(kubectl get <kind> -o name)', 'kind');
    check('echo "$(kubectl get <kind> -o name)"', 'kind');
    check('ping <имя>', 'имя');
    check('helm install {{name}} ./chart -n {{ namespace }}', 'name', 'namespace');
    check('curl https://{{host}}/api', 'host');
    check('export NS="{{namespace}}"', 'namespace');
    check('kubectl get pods \\\n  -n <ns>', 'ns');
  });

  describe('finds none in', () => {
    for (const text of [
      'sort <input.txt >output.txt',
      'sort <input.txt> output.txt',
      'sort < input.txt > out',
      'sort <in>out',
      'cat <in> out.txt',
      'cat <file>/dev/null',
      'cat a<b>c',
      'cat <<EOF\n<namespace> {{name}}\nEOF',
      "cat <<'EOF'\n<namespace>\nEOF",
      'cat <<EOF > f\n  a: <b>\nEOF',
      'diff <(ls a) <(ls b) >(cat)',
      'exec 3<&0 <&3 2>&1 <>file',
      "echo '<html><body>x</body></html>'",
      'echo "<p>hello</p>"',
      'echo "<br>" "<none>" "x < y > z"',
      'curl x | grep "<title>"',
      "sed 's/<a>/<b>/'",
      'echo "<xml>" > f; echo "</xml>" >> f',
      "awk '$1<x>y'",
      "docker inspect --format '{{.State}}' x",
      'docker ps --format {{.Names}}',
      'docker ps --format "{{.Names}}"',
      'docker ps --format {{json}}',
      'kubectl get pods -o go-template={{range}}',
      'kubectl get x --template="{{index .data.password | base64decode}}"',
      'helm template "{{ .Values.x }}" {{ include }}',
      'ansible all -m debug -a "msg={{ inventory_hostname }}"',
      "jinja2 -D x='{{ y }}'",
      'echo ${{ github.sha }} ${{ inputs.x }}',
      '# kubectl get <pod>',
      'kubectl get pods # of <namespace>',
      'NAME   READY\napi    <none>',
      'Events:     <none>',
      '(( a <b> c ))',
      'echo $((1 <x> 2))',
      'if [[ a < b ]]; then x; fi',
      "grep '\\<word\\>' f",
      'grep \\<word\\> f',
      'git commit --author="A <a@example.com>"',
      'printf "<%s>" x',
      'printf "<value>\\n"',
      'mail -s x a@b.c <<< "<hello>"',
      'vector<int> x',
      'curl -L {{#releaselink repo:"x"}} -o y',
      'echo {{a,b},c} {{{x}}} {{ a }',
      "psql -c 'select a <b> c'",
      'echo a >b <c',
      'wc -l <"$file" >"$out"',
      'wc -l <$file> $out',
      'while read x; do y; done <list.txt',
      'mysql db <dump.sql>log.txt 2>&1',
    ]) {
      check(text);
    }
    it('cells that are no shell', () => assert.deepEqual(namesIn('print(<name>)', 'python'), []));
    it('output of a console session', () => {
      assert.deepEqual(namesIn('$ kubectl get <pod>\nNode: <node>', 'console'), ['pod']);
    });
  });

  it('tells where they are', () => {
    const source = '# T\n\n- a\n\n  ```sh\n  echo a\n  kubectl -n <ns> get <pod>\n  ```\n';
    const { cells } = parseRunbook(source);
    const found = findPlaceholders(cells[0]!, source);
    assert.deepEqual(
      found.map(({ line, column, written, span }) => [
        line,
        column,
        written,
        cells[0]!.text.slice(span.start, span.end),
      ]),
      [
        [7, 14, '<ns>', '<ns>'],
        [7, 23, '<pod>', '<pod>'],
      ],
    );
  });

  it('tells where they are in a console session', () => {
    const source = '> ```console\n> $ a\n> out\n> $ b <x>\n> ```\n';
    const { cells } = parseRunbook(source);
    const [{ line, column } = {}] = findPlaceholders(cells[0]!, source);
    assert.deepEqual([line, column], [4, 7]);
  });

  it('gives each name one variable', () => {
    const names = ['pod-name', 'NS', 'a_b', 'имя'];
    assert.deepEqual(names.map(placeholderVariable), [
      'HANDRAIL_INPUT_pod_name',
      'HANDRAIL_INPUT_NS',
      'HANDRAIL_INPUT_a_b',
      'HANDRAIL_INPUT_u438u43cu44f',
    ]);
  });

  it('finds those of real documents, and none where there is none', function () {
    const corpus = join(__dirname, '../../../../../shared/corpus');
    if (!existsSync(corpus)) {
      console.log(`      no documents at ${corpus}`);
      this.skip();
    }
    const wanted = new Map(listed.map(({ file, line, names }) => [`${file}:${line}`, names]));
    const files = globSync('**/*.md', { cwd: corpus });
    let complete = 0;
    for (const file of files) {
      const source = readFileSync(join(corpus, file), 'utf8');
      for (const cell of parseRunbook(source).cells) {
        const found = findPlaceholders(cell, source);
        const names = wanted.get(`${file}:${cell.line}`) ?? [];
        const wrong = found.filter(({ name }) => !names.includes(name));
        assert.deepEqual(
          wrong.map(({ line, written }) => `${file}:${line} ${written}`),
          [],
        );
        if (names.length > 0 && names.every(name => found.some(one => one.name === name))) complete++;
      }
    }
    assert.ok(files.length >= 200, `${files.length} documents`);
    assert.ok(complete >= 0.9 * listed.length, `${complete} of ${listed.length} cells`);
  });
});
