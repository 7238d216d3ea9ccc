import type { ParamsOf, ResultOf } from '../../agent/protocol/message';
import { HandrailError } from '../../agent/protocol/errors';
import { MissingAnswers, type AskedInput } from '../../agent/protocol/plan';
import { startRun } from '../../agent/protocol/runs';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { runbookName } from '../../agent/runbook/runbookName';
import { declaredSecrets } from '../../agent/runbook/secretsTable';
import { secretProblem } from '../../agent/runbook/secretText';
import type { AgentClient } from '../agent/agentClient';
import type { AskInputs } from './askInputs';
import type { EditorSecrets, SecretPlace } from './editorSecrets';
import type { Turns } from './turns';

export type RunRequest = ParamsOf<typeof startRun>;

/** What was answered for a notebook's inputs since its session began, so that its cells ask once. */
export type KnownInputs = Map<string, string>;

/** What starting a run needs from the window. */
export interface StartPorts {
  readonly agent: Pick<AgentClient, 'request'>;
  readonly secrets: EditorSecrets;
  readonly ask: AskInputs;
  readonly turns: Turns;
}

/** A wrong value is asked for again; more rounds than this and something else is wrong. */
const mostRounds = 5;

/**
 * Starts a run; what is missing for it is asked for, one after the other. Undefined: the person pressed Escape, or
 * `signal` withdrew the question. A run that began before that is given: its caller stops it.
 *
 * @param known values that single cells take without asking; those that are answered are added
 */
export async function startAsked(
  request: RunRequest,
  known: KnownInputs,
  ports: StartPorts,
  signal: AbortSignal,
): Promise<ResultOf<typeof startRun> | undefined> {
  let wanted: Completed = { request, typed: [] };
  for (let round = 1; !signal.aborted; round++) {
    try {
      const started = await ports.agent.request(startRun, wanted.request);
      // Only what a run has begun with is kept: what was refused is asked for again.
      for (const { place, value } of wanted.typed) await ports.secrets.keep(place, value);
      return started;
    } catch (error) {
      const missing = round < mostRounds ? missingIn(error) : undefined;
      if (missing === undefined) throw error;
      const before = wanted;
      const completed = await ports.turns.take(() => complete(before, missing, known, ports, signal));
      if (completed === undefined) return undefined;
      wanted = completed;
    }
  }
  return undefined;
}

/** A request with what was answered, and the secrets that were typed for it. */
interface Completed {
  readonly request: RunRequest;
  readonly typed: readonly { readonly place: string; readonly value: string }[];
}

async function complete(
  { request, typed }: Completed,
  missing: MissingAnswers,
  known: KnownInputs,
  { ask, secrets }: StartPorts,
  signal: AbortSignal,
): Promise<Completed | undefined> {
  if (signal.aborted) return undefined;
  const { reused, inputs } = sortInputs(request, missing, known);
  const { stored, absent } = await sortSecrets(secretsIn(request, missing.secrets), secrets);
  const questions = [...inputs, ...absent.map(({ question }) => question)];
  const answers = questions.length === 0 ? [] : await ask(questions, runbookName(request.file), signal);
  if (answers === undefined) return undefined;
  remember(known, inputs, answers);
  // An input and a secret may have one name: answers go by their place in the list.
  const given = inputs.map(({ name }, at) => [name, answers[at] ?? ''] as const);
  const told = absent.map(({ name, place }, at) => {
    return { name, place, value: answers[inputs.length + at] ?? '' };
  });
  const filled = given.filter(([, value]) => value !== '');
  const hidden = [...stored, ...told].map(({ name, value }) => [name, value] as const);
  return {
    request: {
      ...request,
      inputs: { ...request.inputs, ...Object.fromEntries<string>([...reused, ...filled]) },
      secrets: { ...request.secrets, ...Object.fromEntries<string>(hidden) },
    },
    typed: [...typed, ...told],
  };
}

/** Inputs that single cells take as they were answered before, and those to be asked for. */
function sortInputs(
  { selection }: RunRequest,
  { inputs }: MissingAnswers,
  known: KnownInputs,
): { reused: (readonly [name: string, value: string])[]; inputs: AskedInput[] } {
  const isKnown = ({ name, from, wrong }: AskedInput): boolean =>
    selection.kind === 'cells' && from === 'input' && wrong === undefined && known.has(name);
  return {
    reused: inputs.filter(isKnown).map(({ name }) => [name, known.get(name) ?? '']),
    inputs: inputs.filter(input => !isKnown(input)),
  };
}

/** Secrets that the editor keeps in a form that can be used, and those to be asked for. */
async function sortSecrets(
  places: readonly SecretPlace[],
  secrets: EditorSecrets,
): Promise<{
  stored: (SecretPlace & { value: string })[];
  absent: (SecretPlace & { question: AskedInput })[];
}> {
  const kept = await secrets.kept(places.map(({ place }) => place));
  const all = places.map(one => ({ ...one, value: kept.get(one.place) ?? '' }));
  const isUsable = ({ value }: { value: string }): boolean => secretProblem(value) === undefined;
  const absent = all.filter(one => !isUsable(one));
  return {
    stored: all.filter(isUsable),
    absent: absent.map(one => ({ ...one, question: secretInput(one, kept.has(one.place)) })),
  };
}

/** Where the editor keeps the secrets that a runbook calls by these names. */
function secretsIn({ text }: RunRequest, names: readonly string[]): SecretPlace[] {
  const { frontMatter, source } = parseRunbook(text);
  const { secrets } = declaredSecrets(frontMatter, source);
  return names.map(name => ({ name, place: secrets.find(one => one.name === name)?.place ?? name }));
}

function secretInput({ name, place }: SecretPlace, isKept: boolean): AskedInput {
  const why = isKept ? 'what is kept of it is too short' : 'it is not kept in this editor yet';
  const description = `Secret ${place}: ${why}; it goes into the key store of the system`;
  return { name, from: 'input', type: 'secret', description, cells: [], line: 1 };
}

/**
 * Notes what was answered; what was left empty is known no longer. Placeholders are asked for in each run, with the
 * last value offered; secrets are never kept.
 */
export function remember(known: KnownInputs, asked: readonly AskedInput[], answers: readonly string[]): void {
  asked.forEach(({ name, from, type }, at) => {
    if (from !== 'input' || type === 'secret') return;
    const value = answers[at] ?? '';
    if (value === '') known.delete(name);
    else known.set(name, value);
  });
}

/** What an error says is missing; undefined where it is another one, or nothing that can be answered. */
function missingIn(error: unknown): MissingAnswers | undefined {
  if (!(error instanceof HandrailError) || error.code !== 'needsAnswer') return undefined;
  const { data } = MissingAnswers.safeParse(error.details);
  return data !== undefined && data.inputs.length + data.secrets.length > 0 ? data : undefined;
}
