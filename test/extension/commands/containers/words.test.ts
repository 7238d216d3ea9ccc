import assert from 'node:assert/strict';
import type { ActionOutcome } from '../../../../agent/protocol/containerActions';
import { actionsFor } from '../../../../extension/commands/containers/actionsFor';
import { checkCommand, checkName, checkPorts } from '../../../../extension/commands/containers/checks';
import {
  environmentText,
  mask,
  variablesOf,
  withoutValues,
} from '../../../../extension/commands/containers/environmentText';
import { outcomeWords } from '../../../../extension/commands/containers/outcomeWords';
import { portAddress } from '../../../../extension/commands/containers/portAddress';
import { questionWords } from '../../../../extension/commands/containers/questionWords';
import { splitCommand } from '../../../../extension/commands/containers/splitCommand';
import { placeOf } from '../../../../extension/commands/containers/placeOf';
import { textTable } from '../../../../extension/commands/containers/textTable';
import { aContainer, anEndpoint, anImage, connected } from '../../../support/someContainers';

const done = (name: string): ActionOutcome => ({ id: name, name, outcome: 'done' });
const already = (name: string): ActionOutcome => ({ id: name, name, outcome: 'unchanged' });
const failed = (name: string, message: string, hint?: string): ActionOutcome => ({
  ...{ id: name, name, outcome: 'failed', message },
  ...(hint === undefined ? {} : { hint }),
});

describe('outcomes of actions in words', () => {
  const cases: readonly (readonly [readonly ActionOutcome[], string, boolean])[] = [
    [[done('api')], 'api: stopped.', false],
    [[already('api')], 'api: nothing to do, it was stopped already.', false],
    [[done('api'), already('db')], '2 stopped (1 already).', false],
    [
      [failed('api', 'No such container', 'Refresh')],
      'api was not stopped: No such container. Refresh',
      true,
    ],
    [[done('a'), failed('b', 'x'), failed('c', 'y')], '2 of 3 were not stopped. b: x · c: y', true],
  ];
  for (const [outcomes, text, isFailure] of cases) {
    it(text, () => assert.deepEqual(outcomeWords('stop', outcomes), { text, failed: isFailure }));
  }

  it('names ten and counts the rest', () => {
    const many = Array.from({ length: 14 }, (_, index) => failed(`c${String(index)}`, 'no'));
    const { text } = outcomeWords('remove', many);
    assert.match(text, /^14 of 14 were not removed\. c0: no · .*c9: no · and 4 more$/);
  });
});

describe('what is asked before something dangerous', () => {
  const place = placeOf(anEndpoint({ state: connected }));

  it('names the container, the engine and the host', () => {
    const target = { endpoint: 'e', row: aContainer('api') };
    const words = questionWords([target], [place], { verb: 'Remove', what: 'container', detail: 'It runs.' });
    assert.equal(words.message, 'Remove container api (running) on docker (default), host buildbox?');
    assert.equal(words.detail, 'It runs.');
  });

  it('lists several, and counts what is more', () => {
    const targets = Array.from({ length: 14 }, (_, index) => ({
      endpoint: 'e',
      row: anImage(`i${String(index)}:1`),
    }));
    const words = questionWords(targets, [place], { verb: 'Remove', what: 'image' });
    assert.equal(words.message, 'Remove 14 images on docker (default), host buildbox?');
    assert.match(words.detail, /^i0:1\n.*i11:1\nand 2 more$/s);
  });

  it('has the address where the host is not known', () => {
    assert.equal(placeOf(anEndpoint()), 'docker (default), unix:///var/run/docker.sock');
  });
});

describe('environment of containers', () => {
  const found = { Id: 'a', Config: { Env: ['B=1', 'A=secret=x', 'EMPTY=', 'M=a\nC=b'], Cmd: ['sh'] } };

  it('is masked until asked, in order', () => {
    assert.equal(environmentText(variablesOf(found), false), `A=${mask}\nB=${mask}\nEMPTY=\nM=${mask}\n`);
    assert.equal(environmentText(variablesOf(found), true), 'A=secret=x\nB=1\nEMPTY=\nM="a\\nC=b"\n');
    assert.equal(environmentText([], false), '# No variables are set.\n');
  });

  it('is masked in what is inspected', () => {
    const shown = JSON.stringify(withoutValues({ ...found, ContainerConfig: { Env: ['K=secret'] } }));
    assert.ok(!shown.includes('secret'));
    assert.ok(shown.includes(`B=${mask}`));
    assert.deepEqual(withoutValues({ Config: null, Name: 'n' }), { Config: null, Name: 'n' });
  });

  it('is none where an engine tells none', () => {
    for (const other of [{}, { Config: null }, { Config: { Env: null } }, { Config: { Env: [7] } }]) {
      assert.deepEqual(variablesOf(other), []);
    }
  });
});

describe('command lines', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['  sleep   1000 ', ['sleep', '1000']],
    [`sh -c "echo 'a b' $HOME"`, ['sh', '-c', `echo 'a b' $HOME`]],
    [`echo 'a "b" \\n'`, ['echo', 'a "b" \\n']],
    ['a\\ b c\\"', ['a b', 'c"']],
    ['"a\\"b\\n"', ['a"b\\n']],
    [`'' ""`, ['', '']],
    ['a"b"c', ['abc']],
    ['a\\', ['a\\']],
  ];
  for (const [line, words] of cases) it(line || 'nothing', () => assert.deepEqual(splitCommand(line), words));

  it('are refused while a quote is open', () => {
    assert.match(checkCommand('echo "a') ?? '', /not closed/);
    assert.equal(checkCommand('echo "a"'), undefined);
  });
});

describe('what a person types', () => {
  it('is a name as engines take it', () => {
    for (const good of ['', 'web', 'web_1.a-b']) assert.equal(checkName(good), undefined, good);
    for (const bad of ['a', '-web', 'a b', 'a/b', 'ä1']) assert.notEqual(checkName(bad), undefined, bad);
  });

  it('is ports as engines take them', () => {
    for (const good of ['', '80', '8080:80', '127.0.0.1:8080:80/tcp, [::1]:53:53/udp']) {
      assert.equal(checkPorts(good), undefined, good);
    }
    for (const bad of ['web', '8080:', ':80', '80/http', '8080:80:', '123456:80'])
      assert.match(checkPorts(bad) ?? '', /no port/, bad);
  });
});

describe('address of a published port', () => {
  const port = (more: object = {}) => ({ public: 8080, private: 80, protocol: 'tcp', ...more });
  const cases: readonly (readonly [string, string])[] = [
    [portAddress(port(), 'unix:///run/docker.sock'), 'http://localhost:8080/'],
    [portAddress(port({ ip: '0.0.0.0' }), 'unix:///run/docker.sock'), 'http://localhost:8080/'],
    [portAddress(port({ ip: '::' }), ''), 'http://localhost:8080/'],
    [portAddress(port({ ip: '127.0.0.2' }), ''), 'http://127.0.0.2:8080/'],
    [portAddress(port({ ip: '::1' }), ''), 'http://[::1]:8080/'],
    [portAddress(port({ private: 443 }), ''), 'https://localhost:8080/'],
    [portAddress(port(), 'ssh://me@build:22'), 'http://build:8080/'],
    [portAddress(port({ ip: '0.0.0.0' }), 'tcp://[fd00::1]:2376'), 'http://[fd00::1]:8080/'],
    [portAddress(port(), 'tcp://127.0.0.1:2375'), 'http://localhost:8080/'],
  ];
  for (const [address, expected] of cases) it(expected, () => assert.equal(address, expected));
});

describe('actions as commands', () => {
  it('are those that fit how a thing is now', () => {
    const of = (row: Parameters<typeof actionsFor>[0]) => actionsFor(row).map(([label]) => label);
    assert.deepEqual(of(aContainer('a')), ['Stop', 'Restart', 'Pause', 'Kill', 'Remove', 'Logs', 'Shell']);
    assert.deepEqual(of(aContainer('a', { state: 'exited' })), ['Start', 'Remove', 'Logs']);
    assert.deepEqual(of(aContainer('a', { state: 'paused' })), ['Unpause', 'Stop', 'Remove', 'Logs']);
    assert.deepEqual(of(anImage('a')), ['Remove']);
  });
});

describe('tables of text', () => {
  it('have columns, and lines of their own', () => {
    assert.equal(
      textTable(
        ['PID', 'CMD'],
        [
          ['1', 'sh'],
          ['1234', 'a\nb\u001b[31m'],
        ],
      ),
      'PID   CMD\n1     sh\n1234  a b [31m\n',
    );
  });
});
