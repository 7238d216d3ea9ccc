import type { ParamsOf, ResultOf } from '../../agent/protocol/message';
import { HandrailError } from '../../agent/protocol/errors';
import { MissingAnswers, type AskedInput } from '../../agent/protocol/plan';
import { startRun } from '../../agent/protocol/runs';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { declaredSecrets } from '../../agent/runbook/secretsTable';
import { runbookName } from '../../agent/runbook/runbookName';
import type { AgentClient } from '../agent/agentClient';
import { askInputs } from './askInputs';
import type { EditorSecrets, SecretPlace } from './editorSecrets';

export type RunRequest = ParamsOf<typeof startRun>;

/** What was answered for a notebook's inputs since its session began, so that its cells ask once. */
export type KnownInputs = Map<string, string>;

/** A wrong value is asked for again; more rounds than this and something else is wrong. */
const mostRounds = 5;

/**
 * Starts a run; what is missing for it is asked for, one after the other. Undefined: the person pressed Escape.
 *
 * @param known values that single cells take without asking; those that are answered are added
 */
export async function startAsked(
  request: RunRequest,
  known: KnownInputs,
  { agent, secrets }: { readonly agent: AgentClient; readonly secrets: EditorSecrets },
): Promise<ResultOf<typeof startRun> | undefined> {
  let wanted = request;
  for (let round = 1; ; round++) {
    try {
      return await agent.request(startRun, wanted);
    } catch (error) {
      const missing = round < mostRounds ? missingIn(error) : undefined;
      if (missing === undefined) throw error;
      const completed = await complete(wanted, missing, known, secrets);
      if (completed === undefined) return undefined;
      wanted = completed;
    }
  }
}

async function complete(
  request: RunRequest,
  missing: MissingAnswers,
  known: KnownInputs,
  secrets: EditorSecrets,
): Promise<RunRequest | undefined> {
  const reuse = request.selection.kind === 'cells';
  const isKnown = ({ name, from, wrong }: AskedInput) =>
    reuse && from === 'input' && wrong === undefined && known.has(name);
  const reused = missing.inputs.filter(isKnown).map(({ name }) => [name, known.get(name) ?? ''] as const);
  const inputs = missing.inputs.filter(input => !isKnown(input));
  const wanted = secretsIn(request, missing.secrets);
  const kept = await secrets.kept(wanted);
  const absent = wanted.filter(({ name }) => kept[name] === undefined);
  const answers = await askInputs([...inputs, ...absent.map(secretInput)], runbookName(request.file));
  if (answers === undefined) return undefined;
  remember(known, inputs, answers);
  const given = await secrets.keep(absent, answers);
  const typed = inputs.flatMap(({ name }) => {
    const value = answers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...request,
    inputs: { ...request.inputs, ...Object.fromEntries<string>([...reused, ...typed]) },
    secrets: { ...request.secrets, ...kept, ...given },
  };
}

/** Where the editor keeps the secrets that a runbook calls by these names. */
function secretsIn({ text }: RunRequest, names: readonly string[]): SecretPlace[] {
  const { frontMatter, source } = parseRunbook(text);
  const { secrets } = declaredSecrets(frontMatter, source);
  return names.map(name => ({ name, place: secrets.find(one => one.name === name)?.place ?? name }));
}

function secretInput({ name, place }: SecretPlace): AskedInput {
  const description = `${place} is not kept in this editor yet; it goes into the key store of the system`;
  return { name, from: 'input', type: 'secret', description, cells: [], line: 1 };
}

/** Placeholders are asked for in each run, with the last value offered; secrets are never kept. */
function remember(known: KnownInputs, asked: readonly AskedInput[], answers: Record<string, string>): void {
  for (const { name, from, type } of asked) {
    const value = answers[name];
    if (value !== undefined && from === 'input' && type !== 'secret') known.set(name, value);
  }
}

/** What an error says is missing; undefined where it is another one, or nothing that can be answered. */
function missingIn(error: unknown): MissingAnswers | undefined {
  if (!(error instanceof HandrailError) || error.code !== 'needsAnswer') return undefined;
  const { data } = MissingAnswers.safeParse(error.details);
  return data !== undefined && data.inputs.length + data.secrets.length > 0 ? data : undefined;
}
