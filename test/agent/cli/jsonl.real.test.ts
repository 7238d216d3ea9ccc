import * as assert from 'node:assert/strict';
import * as z from 'zod';
import { Place, runbook } from './handrail';

/** What readers may rely on. */
const common = { v: z.literal(1), seq: z.number().int(), time: z.iso.datetime(), run: z.string().min(4) };
const Event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run.started'),
    ...common,
    plan: z.array(z.object({ step: z.number(), name: z.string() })),
  }),
  z.object({ type: z.literal('step.started'), ...common, step: z.number(), attempt: z.number() }),
  z
    .object({
      type: z.literal('step.output'),
      ...common,
      step: z.number(),
      stream: z.enum(['stdout', 'stderr', 'tty']),
      text: z.string().optional(),
      base64: z.string().optional(),
    })
    .refine(({ text, base64 }) => (text === undefined) !== (base64 === undefined)),
  z.object({
    type: z.literal('step.finished'),
    ...common,
    step: z.number(),
    state: z.string(),
    exit: z.number().nullable(),
    reason: z.string().nullable(),
    ms: z.number(),
    attempt: z.number(),
  }),
  z.object({ type: z.literal('run.finished'), ...common, state: z.string(), exit: z.number() }),
]);

describe('handrail run --jsonl', () => {
  it('prints events that hold to the schema, in order, and nothing else', async () => {
    const cells = { a: 'echo hi; echo oops >&2', b: `printf '\\377'`, c: 'exit 3', d: 'true' };
    await using place = await Place.make({ 'a.md': runbook(cells) });
    const { code, stdout, stderr } = await place.run(['run', '--jsonl', 'a.md']);
    assert.deepEqual([code, stderr], [1, '']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map(line => Event.parse(JSON.parse(line)));
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_event, at) => at + 1),
    );
    assert.equal(events[0]?.type, 'run.started');
    assert.deepEqual(events.at(-1), { ...events.at(-1), type: 'run.finished', state: 'failed', exit: 1 });
    const ended = events.filter(event => event.type === 'step.finished');
    assert.deepEqual(
      ended.map(({ state, exit }) => [state, exit]),
      [
        ['passed', 0],
        ['passed', 0],
        ['failed', 3],
        ['not-run', null],
      ],
    );
    const output = events.filter(event => event.type === 'step.output');
    assert.ok(output.some(({ stream, text }) => stream === 'stdout' && text === 'hi\n'));
    assert.ok(output.some(({ stream, text }) => stream === 'stderr' && text === 'oops\n'));
    assert.ok(output.some(({ base64 }) => base64 === '/w=='));
  });

  it('plans as one object with --dry-run', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'true' }) });
    const { stdout } = await place.run(['run', '--jsonl', '-n', 'a.md']);
    const { type, plan } = JSON.parse(stdout) as {
      type: string;
      plan: { steps: { name: string; text: string }[] };
    };
    assert.equal(type, 'run.planned');
    assert.deepEqual(
      plan.steps.map(({ name, text }) => [name, text]),
      [['a', 'true\n']],
    );
  });
});
