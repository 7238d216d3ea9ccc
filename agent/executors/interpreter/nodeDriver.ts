/**
 * The program that runs in a live Node (18 or later) and executes the session's cells. It evaluates through the
 * inspector of its own process, whose REPL mode allows `await` and a second `const x`. A cell is over when
 * nothing that it started is under way, as a script would be; servers and watchers are left behind.
 */
export const nodeDriver = String.raw`
'use strict';
const inspector = require('node:inspector');
const { createRequire, isBuiltin } = require('node:module');
const { pathToFileURL } = require('node:url');
const net = require('node:net');
const util = require('node:util');
const vm = require('node:vm');

const session = new inspector.Session();
session.connect();
const write = [process.stdout, process.stderr].map(stream => stream.write.bind(stream));
const chdir = process.chdir.bind(process);
const untouched = terminals();
const control = net.connect(process.argv[2]);
const lasting = new Set(['TTYWrap', 'TCPServerWrap', 'PipeServerWrap', 'UDPWrap', 'FSEventWrap', 'StatWatcher', 'SignalWrap']);
class Exit extends Error {}
const ours = [__filename, 'node:inspector:', 'evalmachine.<anonymous>', 'node:vm:', 'at new Promise (<anonymous>)'];
let current;

process.argv.splice(1, 2);
process.exit = code => {
  end({ exit: Number(code ?? process.exitCode ?? 0) & 0xff });
  throw new Exit();
};
process.on('SIGINT', () => end({ exit: 130, interrupted: true }));
process.on('uncaughtException', error => fail(error));
process.on('unhandledRejection', error => fail(error));

let text = '';
control.setEncoding('utf8');
control.on('data', chunk => {
  text += chunk;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n')) {
    const line = text.slice(0, at);
    text = text.slice(at + 1);
    void execute(JSON.parse(line));
  }
});
control.on('close', () => process.reallyExit(0));
control.on('error', () => process.reallyExit(0));

async function execute(request) {
  const cell = { request, before: resources() };
  current = cell;
  prepare(request);
  let answer;
  try {
    answer = await evaluate(source(request));
  } catch (error) {
    if (current === cell) error instanceof Exit ? end({ exit: 0 }) : fail(error);
    return;
  }
  if (current !== cell) return;
  if (answer.exceptionDetails) return failWith(answer.exceptionDetails);
  try {
    const value = await take(answer.result);
    if (!cell.request.exact) show(value);
  } catch (error) {
    return fail(error);
  }
  // Rejections that nobody handles are told after this turn.
  await new Promise(resolve => setImmediate(resolve));
  while (current === cell && busy(cell)) await new Promise(resolve => setTimeout(resolve, 5).unref());
  if (current === cell) end({ exit: Number(process.exitCode ?? 0) & 0xff });
}

function prepare({ env, cwd, umask, file }) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  for (const name of Object.keys(env)) if (process.env[name] !== env[name]) process.env[name] = env[name];
  chdir(cwd);
  process.umask(umask);
  process.exitCode = undefined;
  process.argv[1] = file;
  globalThis.__filename = file;
  globalThis.__dirname = require('node:path').dirname(file);
  const load = createRequire(file);
  globalThis.require = load;
  globalThis.module = { exports: {} };
  globalThis.exports = globalThis.module.exports;
  Object.defineProperty(globalThis, '__handrailImport', {
    value: name => import(isBuiltin(name) || name.includes(':') ? name : pathToFileURL(load.resolve(name)).href),
    configurable: true,
    enumerable: false,
  });
}

function source({ code, text, file, line }) {
  return '\n'.repeat(line - 1) + (code ?? text) + '\n//# sourceURL=' + encodeURI(file);
}

/** Runs within a script that can be broken by SIGINT, so that an endless loop ends without ending Node. */
function evaluate(expression) {
  return new Promise((resolve, reject) => {
    globalThis.__handrailPost = () =>
      session.post(
        'Runtime.evaluate',
        { expression, replMode: true, awaitPromise: true, allowUnsafeEvalBlockedByCSP: true },
        (error, answer) => (error ? reject(new Error(error.message)) : resolve(answer)),
      );
    try {
      new vm.Script('__handrailPost()').runInThisContext({ breakOnSigint: true });
    } catch (error) {
      if (error.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      end({ exit: 130, interrupted: true });
    } finally {
      delete globalThis.__handrailPost;
    }
  });
}

/** The value that the inspector speaks of. Awaited where it is a promise, as the cell's last value may be. */
function take(result) {
  let taken;
  globalThis.__handrailTake = value => void (taken = value);
  const { objectId, value, unserializableValue } = result;
  const argument = objectId ? { objectId } : unserializableValue ? { unserializableValue } : { value };
  session.post('Runtime.evaluate', { expression: 'globalThis' }, (_error, { result: { objectId: target } }) =>
    session.post('Runtime.callFunctionOn', {
      functionDeclaration: 'function (value) { __handrailTake(value); }',
      objectId: target,
      arguments: [argument],
    }),
  );
  delete globalThis.__handrailTake;
  return taken;
}

function show(value) {
  const isTimer = ['Timeout', 'Immediate'].includes(value?.constructor?.name) && typeof value.unref === 'function';
  if (value === undefined || isTimer) return;
  console.log(tidy(util.inspect(value, { colors: process.stdout.isTTY === true })));
}

async function failWith(details) {
  if (!details.exception) return fail(new Error(details.text));
  let error;
  try {
    error = await take(details.exception);
  } catch (other) {
    error = other;
  }
  fail(error, details.lineNumber + 1);
}

function fail(error, place) {
  if (error instanceof Exit) return;
  const shown = tidy(util.inspect(error, { colors: process.stderr.isTTY === true }));
  if (current === undefined) return void write[1]('Uncaught ' + shown + '\n');
  const { file, line, text } = current.request;
  const last = line + text.split('\n').length;
  const stack = error instanceof Error ? String(error.stack) : '';
  const places = [...stack.matchAll(/(.*):(\d+):\d+\)?$/gm)].filter(([, frame]) => frame.endsWith(file) || frame.endsWith(encodeURI(file)));
  const failed = [...places.map(match => Number(match[2])), place].find(at => at >= line && at < last);
  const isSyntax = error instanceof SyntaxError && places.length === 0 && place !== undefined;
  console.error((isSyntax ? file + ':' + Math.min(place, last - 1) + '\n' : '') + 'Uncaught ' + shown);
  end({ exit: 1, failed });
}

/** Without the frames that are ours. */
function tidy(shown) {
  const frames = shown.replaceAll(encodeURI(current?.request.file ?? '\0'), current?.request.file ?? '\0').split('\n');
  return frames
    .filter(frame => !/^\s*at /.test(frame) || !ours.some(name => frame.includes(name)))
    .join('\n');
}

function resources() {
  const counts = new Map();
  const all = process.getActiveResourcesInfo?.() ?? [];
  for (const type of all) if (!lasting.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/** A terminal stays open once it was read from; touching process.stdin would open it. */
function reads() {
  return terminals() > untouched && process.stdin.readableFlowing === true && !process.stdin.destroyed;
}

function terminals() {
  return (process.getActiveResourcesInfo?.() ?? []).filter(type => type === 'TTYWrap').length;
}

function busy(cell) {
  if (reads()) return true;
  for (const [type, count] of resources()) if (count > (cell.before.get(type) ?? 0)) return true;
  return false;
}

function end(reply) {
  const cell = current;
  if (cell === undefined) return;
  current = undefined;
  let cwd = cell.request.cwd;
  try {
    cwd = process.cwd();
  } catch {
    // The cell removed the folder it is in: the session stays where the cell began.
  }
  const full = { interrupted: false, cwd, umask: process.umask(), env: { ...process.env }, ...reply };
  for (const name of cell.request.secrets) delete process.env[name];
  for (const each of write) each(cell.request.marker);
  control.write(JSON.stringify(full) + '\n');
}
`;
