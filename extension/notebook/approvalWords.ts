import { fileOf } from '../../agent/protocol/fileOf';
import type { IdentityFact } from '../../agent/protocol/plan';
import type { StepRecord } from '../../agent/protocol/runs';
import { runbookName } from '../../agent/runbook/runbookName';

/** A dialog that asks whether a step may run. */
export interface ApprovalWords {
  readonly question: string;
  readonly detail: string;
  readonly approve: string;
}

const longestCommand = 600;

/** Says what is asked: the author's question, then where and as whom it acts, then what would run. */
export function approvalWords(
  step: Pick<StepRecord, 'name' | 'index' | 'line' | 'asks' | 'text' | 'file'>,
  run: {
    readonly file: string;
    readonly stepsTotal: number;
    readonly identity?: readonly IdentityFact[] | undefined;
  },
): ApprovalWords {
  const place = `${runbookName(fileOf(run, step))}, line ${String(step.line)}`;
  const count = run.stepsTotal > 1 ? [`step ${String(step.index + 1)} of ${String(run.stepsTotal)}`] : [];
  const facts = (run.identity ?? []).filter(({ held }) => held).map(identityWords);
  return {
    question: step.asks ?? `Run ${step.name}?`,
    detail: [[step.name, ...count, place].join(' · '), ...facts, '', shortened(step.text)].join('\n'),
    approve: `Run ${step.name}`,
  };
}

/**
 * What became of a step whose question was answered too late, as the person has to know it; undefined where it is what
 * they wanted.
 */
export function lateWords(
  answer: 'approve' | 'decline' | 'show',
  { name, state, approvedBy, message, asks }: StepRecord,
): string | undefined {
  if (approvedBy !== undefined && answer === 'decline')
    return `${name} was approved by ${approvedBy} before you answered. Stop its run if it still goes on.`;
  if (approvedBy !== undefined || answer !== 'approve') return undefined;
  if (asks !== undefined)
    return `${name} was not approved: it asks for something else now. Answer it again from its cell.`;
  const why = message === undefined ? '' : ` (${message})`;
  return `${name} was not run: your approval came when it was ${state}${why} already. Run it again if it is still wanted.`;
}

/** `kube: prod-eu as ana, namespace shop`: what the label leaves out is what people get wrong. */
export function identityWords({ kind, label, values }: IdentityFact): string {
  const { namespace } = values;
  const rest = namespace === undefined || label.includes(namespace) ? '' : `, namespace ${namespace}`;
  return `${kind}: ${label}${rest}`;
}

function shortened(text: string): string {
  const whole = text.trimEnd();
  return whole.length <= longestCommand ? whole : `${whole.slice(0, longestCommand)}…`;
}
