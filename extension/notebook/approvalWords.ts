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
  const place = `${runbookName(step.file ?? run.file)}, line ${String(step.line)}`;
  const count = run.stepsTotal > 1 ? [`step ${String(step.index + 1)} of ${String(run.stepsTotal)}`] : [];
  const facts = (run.identity ?? []).filter(({ held }) => held).map(identityWords);
  return {
    question: step.asks ?? `Run ${step.name}?`,
    detail: [[step.name, ...count, place].join(' · '), ...facts, '', shortened(step.text)].join('\n'),
    approve: `Run ${step.name}`,
  };
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
