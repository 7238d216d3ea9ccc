import assert from 'node:assert/strict';
import { checkInput, declaredInputs, inputVariable, type InputSpec } from '../../../agent/runbook/inputs';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

function declare(source: string): { inputs: Record<string, unknown>[]; problems: string[] } {
  const { frontMatter } = parseRunbook(source);
  const { inputs, diagnostics } = declaredInputs(frontMatter, source);
  return {
    inputs: inputs.map(({ line: _line, column: _column, ...rest }) => rest),
    problems: diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`),
  };
}

function yaml(inputs: string): string {
  return `---\ninputs:\n${inputs.replaceAll(/^/gm, '  ')}\n---\n`;
}

function good(inputs: string, ...expected: Partial<InputSpec>[]): void {
  it(inputs, () => assert.deepEqual(declare(yaml(inputs)), { inputs: expected, problems: [] }));
}

function wrong(inputs: string, ...problems: string[]): void {
  it(inputs, () => assert.deepEqual(declare(yaml(inputs)), { inputs: [], problems }));
}

const required = { required: true } as const;

describe('declaredInputs', () => {
  describe('reads', () => {
    good('a: string', { name: 'a', type: 'string', ...required });
    good('a:', { name: 'a', type: 'string', ...required });
    good('a: {}', { name: 'a', type: 'string', ...required });
    good('a: number', { name: 'a', type: 'number', ...required });
    good('a: secret', { name: 'a', type: 'secret', ...required });
    good('a: eu-west-1', { name: 'a', type: 'string', default: 'eu-west-1', required: false });
    good('a: 1.10', { name: 'a', type: 'number', default: '1.10', required: false });
    good('a: false', { name: 'a', type: 'boolean', default: 'false', required: false });
    good('a: ""', { name: 'a', type: 'string', default: '', required: false });
    good('a: [x, 1.10]', { name: 'a', type: 'choice', choices: ['x', '1.10'], ...required });
    good('a: {default: 1.10, type: string}', { name: 'a', type: 'string', default: '1.10', required: false });
    good('a: {choices: [x, y], default: y, description: D}', {
      name: 'a',
      type: 'choice',
      description: 'D',
      default: 'y',
      choices: ['x', 'y'],
      required: false,
    });
    good('a: {pattern: "[a-z]+", example: db, required: false}', {
      name: 'a',
      type: 'string',
      pattern: '[a-z]+',
      example: 'db',
      required: false,
    });
    good(
      'a: string\nb: 1',
      { name: 'a', type: 'string', ...required },
      { name: 'b', type: 'number', default: '1', required: false },
    );
  });

  describe('says what is wrong with', () => {
    const name = (given: string): string =>
      `3:3 \`${given}\` cannot be the name of an input: cells see it as a variable, so it has letters, digits and _ only`;
    const reserved = (given: string): string =>
      `3:3 \`${given}\` is a variable by which programs are told what to do, so no input can have that name`;
    wrong('pod-name: string', name('pod-name'));
    wrong('1a: string', name('1a'));
    for (const one of 'PATH path HOME IFS BASH_ENV ENV SHELLOPTS LD_PRELOAD DYLD_X NODE_OPTIONS PYTHONPATH HANDRAIL_X'.split(
      ' ',
    )) {
      wrong(`${one}: string`, reserved(one));
    }
    wrong('a: {type: int}', '3:13 `int` is no type of an input');
    wrong('a: {typ: string}', '3:7 An input has no `typ`');
    wrong('a: choice', '3:3 `a` is a choice without `choices`');
    wrong('a: {choices: x}', '3:16 `choices` is not a list of values');
    wrong('a: {choices: [x], default: z}', '3:30 The default of `a`, `z`, is wrong: Must be one of x.');
    wrong('a: {choices: [x], type: string}', '3:3 `a` has `choices` and is a string');
    wrong(
      'a: {type: number, default: x}',
      '3:30 The default of `a`, `x`, is wrong: Must be a number, like 3, -1 or 0.5.',
    );
    wrong('a: {type: secret, default: hunter2}', '3:30 `a` is a secret, and its value stands in the file');
    wrong('a: {pattern: "["}', '3:16 The pattern of `a` cannot be used: Unterminated character class');
    wrong('a: {pattern: "(?=x)"}', '3:16 The pattern of `a` cannot be used: lookaround is not supported');
    wrong('a: {default: {x: 1}}', '3:16 `default` is not one text or number');
    wrong('a: {required: maybe}', '3:17 `required` is neither `true` nor `false`');
    it('what is no list of names', () => {
      const problems = ['2:1 `inputs` is not a list of names, each with what it is'];
      assert.deepEqual(declare('---\ninputs: [a]\n---\n'), { inputs: [], problems });
    });
  });

  it('keeps those without a mistake', () => {
    assert.deepEqual(
      declare(yaml('a: string\nb: {type: x}')).inputs.map(one => one.name),
      ['a'],
    );
  });

  it('tells the place in TOML', () => {
    const source = '+++\n[inputs]\na = "string"\nb = { type = "x" }\n[inputs.c]\ntype = "y"\n+++\n';
    assert.deepEqual(declare(source).problems, [
      '4:7 `x` is no type of an input',
      '6:8 `y` is no type of an input',
    ]);
  });

  it('tells the place in JSON', () => {
    const source = '{\n  "inputs": {\n    "a": {"type": "x"}\n  }\n}\n';
    assert.deepEqual(declare(source).problems, ['3:19 `x` is no type of an input']);
  });

  it('calls the variable like the input', () => assert.equal(inputVariable('region'), 'region'));
});

describe('checkInput', () => {
  function check(spec: Partial<InputSpec>, values: Readonly<Record<string, string | undefined>>): void {
    for (const [text, expected] of Object.entries(values)) {
      it(`${JSON.stringify(spec)} ${JSON.stringify(text.slice(0, 20))}`, () => {
        assert.equal(checkInput({ name: 'a', type: 'string', required: true, ...spec }, text), expected);
      });
    }
  }
  check(
    {},
    {
      x: undefined,
      '': 'Needs a value.',
      'a\nb': undefined,
      'a\0': 'Has a NUL character in it, which no variable can hold.',
    },
  );
  check({ required: false, type: 'number' }, { '': undefined });
  check({}, { ['x'.repeat(70_000)]: 'Is longer than 65536 characters.' });
  const number = 'Must be a number, like 3, -1 or 0.5.';
  check(
    { type: 'number' },
    {
      3: undefined,
      '-0.5': undefined,
      '1e3': undefined,
      '007': number,
      '1,5': number,
      ' 1': number,
      NaN: number,
      '0x1': number,
      '1\n': number,
    },
  );
  check({ type: 'boolean' }, { true: undefined, false: undefined, yes: 'Must be true or false.' });
  check({ type: 'choice', choices: ['a', 'b'] }, { a: undefined, A: 'Must be one of a, b.' });
  check(
    { pattern: '[a-z]+', example: 'db' },
    { abc: undefined, Abc: 'Must match [a-z]+, like db.', 'abc\n': 'Must match [a-z]+, like db.' },
  );
  check({ pattern: 'a|b' }, { a: undefined, ab: 'Must match a|b.' });

  it('is quick whatever the pattern', () => {
    for (const pattern of ['(a+)+$', '(a|a)*b', '(a*)*(a*)*b', '((a{1,9}){1,9}){1,9}b', '(.*)*x']) {
      assert.match(
        checkInput({ name: 'a', type: 'string', required: true, pattern }, `${'a'.repeat(1000)}!`) ?? '',
        /^Must match/,
      );
    }
  }).timeout(5000);
});
