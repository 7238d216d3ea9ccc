import type { ParamsOf, ResultOf } from '../../agent/protocol/message';
import { HandrailError } from '../../agent/protocol/errors';
import { MissingAnswers, type AskedInput } from '../../agent/protocol/plan';
import { startRun } from '../../agent/protocol/runs';
import { runbookName } from '../../agent/runbook/runbookName';
import type { AgentClient } from '../agent/agentClient';
import { askInputs } from './askInputs';
import type { EditorSecrets } from './editorSecrets';

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
  { inputs, secrets: names }: MissingAnswers,
  known: KnownInputs,
  secrets: EditorSecrets,
): Promise<RunRequest | undefined> {
  const reuse = request.selection.kind === 'cells';
  const isKnown = ({ name, from, wrong }: AskedInput) =>
    reuse && from === 'input' && wrong === undefined && known.has(name);
  const reused = inputs.filter(isKnown).map(({ name }) => [name, known.get(name) ?? ''] as const);
  const runbook = runbookName(request.file);
  const asked = inputs.filter(input => !isKnown(input));
  const answers = await askInputs(asked, runbook);
  const values = answers && (await secrets.values(names, runbook));
  if (answers === undefined || values === undefined) return undefined;
  remember(known, asked, answers);
  return {
    ...request,
    inputs: { ...request.inputs, ...Object.fromEntries(reused), ...answers },
    secrets: { ...request.secrets, ...values },
  };
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
