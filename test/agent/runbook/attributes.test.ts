import assert from 'node:assert/strict';
import { attributesOf } from '../../../agent/runbook/attributes';
import { parseInfo } from '../../../agent/runbook/infoString';
import { writeInfo } from '../../../agent/runbook/writeInfo';

type Pairs = readonly (readonly [string, string | true])[];

function check(info: string, tag: string, pairs: Pairs, problem?: string): void {
  it(`reads ${JSON.stringify(info)}`, () => {
    const parsed = parseInfo(info);
    assert.equal(parsed.tag, tag);
    assert.deepEqual(
      attributesOf(parsed, 0).map(({ key, value }) => [key, value]),
      pairs,
    );
    assert.equal(parsed.problem?.code, problem);
  });
}

describe('parseInfo', () => {
  check('', '', []);
  check('sh', 'sh', []);
  check('  sh  ', 'sh', []);
  check('sh {name=a}', 'sh', [['name', 'a']]);
  check('sh {constructor=a toString}', 'sh', [
    ['constructor', 'a'],
    ['toString', true],
  ]);
  check('sh{name=a}', 'sh', [['name', 'a']]);
  check('sh { name=a timeout=5m }', 'sh', [
    ['name', 'a'],
    ['timeout', '5m'],
  ]);
  check('sh {confirm="Really? \\"x\\""}', 'sh', [['confirm', 'Really? "x"']]);
  check('sh {confirm=\'It is "it"\'}', 'sh', [['confirm', 'It is "it"']]);
  check('sh {cwd="C:\\dir"}', 'sh', [['cwd', 'C:\\dir']]);
  check('sh {background}', 'sh', [['background', true]]);
  check('sh {#deploy .slow .red}', 'sh', [
    ['name', 'deploy'],
    ['tags', 'slow'],
    ['tags', 'red'],
  ]);
  check('sh {name=}', 'sh', [['name', '']]);
  check('sh {}', 'sh', []);
  check('sh {"name":"a","x":{"y":1},"n":3,"b":true,"l":["p","q"]}', 'sh', [
    ['name', 'a'],
    ['x', '{"y":1}'],
    ['n', '3'],
    ['b', true],
    ['l', 'p,q'],
  ]);
  check('sh {"name":"a}b"}', 'sh', [['name', 'a}b']]);
  check('sh title="x {y}" {name=a}', 'sh', [['name', 'a']]);
  check('sh {1,3-4} {name=a}', 'sh', [['name', 'a']]);
  check('js{1,3}', 'js', []);
  check('{r, echo=FALSE}', '', []);
  check('{.sh #id .class key=val}', '', [
    ['tags', 'sh'],
    ['name', 'id'],
    ['tags', 'class'],
    ['key', 'val'],
  ]);
  check('sh {{ jinja }}', 'sh', []);
  check('sh {a,b}', 'sh', []);
  check('sh {id=01HF name=deploy}', 'sh', [
    ['id', '01HF'],
    ['name', 'deploy'],
  ]);
  check('sh {id=deploy}', 'sh', [['name', 'deploy']]);
  check('sh {interactive=false}', 'sh', [['tty', 'never']]);
  check('sh {"interactive":"true","mimeType":"text/html","excludeFromRunAll":"true","category":"a"}', 'sh', [
    ['tty', 'always'],
    ['mime', 'text/html'],
    ['exclude', 'true'],
    ['tags', 'a'],
  ]);
  check('sh {name=a name=b}', 'sh', [['name', 'a']]);
  check('sh {name="a', 'sh', [], 'unclosed-quote');
  check('sh {name=a', 'sh', [], 'attribute-syntax');
  check('sh {"name":"a', 'sh', [], 'unclosed-quote');
  check('sh {"name":}', 'sh', [], 'attribute-syntax');
  check(`sh ${'{'.repeat(100_000)}`, 'sh', []);
});

describe('writeInfo', () => {
  const rows: [string, string, string | true | undefined, string][] = [
    ['sh', 'name', 'a', 'sh {name=a}'],
    ['sh  ', 'name', 'a', 'sh {name=a}  '],
    ['sh {name=a}', 'timeout', '5m', 'sh {name=a timeout=5m}'],
    ['sh { name=a }', 'timeout', '5m', 'sh { name=a timeout=5m }'],
    ['sh {}', 'timeout', '5m', 'sh {timeout=5m}'],
    ['sh {name=a  timeout=1s}', 'name', 'b', 'sh {name=b  timeout=1s}'],
    ['sh {name="a b" x}', 'name', 'c', 'sh {name="c" x}'],
    ["sh {name='a'}", 'name', "it's", "sh {name='it\\'s'}"],
    ['sh {name=a}', 'name', 'two words', 'sh {name="two words"}'],
    ['sh {name=a}', 'name', 'say "x" \\', 'sh {name="say \\"x\\" \\\\"}'],
    ['sh {#a .b}', 'name', 'c', 'sh {#c .b}'],
    ['sh {#a .b}', 'name', 'c d', 'sh {name="c d" .b}'],
    ['sh {background x=1}', 'background', 'detach', 'sh {background=detach x=1}'],
    ['sh {background=detach}', 'background', true, 'sh {background}'],
    ['sh {name=a x=1}', 'name', undefined, 'sh {x=1}'],
    ['sh {x=1 name=a}', 'name', undefined, 'sh {x=1}'],
    ['sh {name=a}', 'name', undefined, 'sh'],
    ['sh title="t" {name=a} more', 'name', undefined, 'sh title="t" more'],
    ['sh', 'name', undefined, 'sh'],
    ['sh {1,3}', 'name', 'a', 'sh {1,3} {name=a}'],
    ['sh {"name":"a"}', 'name', 'b', 'sh {"name":"b"}'],
    ['sh {"name":"a"}', 'timeout', '5m', 'sh {"name":"a","timeout":"5m"}'],
    ['sh { "name": "a", "n": 3 }', 'timeout', '5m', 'sh { "name": "a", "n": 3, "timeout": "5m" }'],
    ['sh {"name":"a","n":3}', 'name', undefined, 'sh {"n":3}'],
    ['sh {"n":3,"name":"a"}', 'name', undefined, 'sh {"n":3}'],
    ['sh {"name":"a"}', 'name', undefined, 'sh'],
    ['sh {interactive=false}', 'tty', 'always', 'sh {interactive=true}'],
    ['sh {"interactive":false}', 'tty', 'always', 'sh {"interactive":"true"}'],
  ];
  for (const [info, key, value, expected] of rows) {
    it(`${info} · ${key} → ${String(value)}`, () => assert.equal(writeInfo(info, key, value), expected));
  }

  it('refuses a value of two lines', () => {
    assert.throws(() => writeInfo('sh', 'confirm', 'a\nb'), RangeError);
  });
});
