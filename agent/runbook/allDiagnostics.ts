import { declaredInputs } from './inputs';
import type { Diagnostic, Runbook } from './model';
import { declaredRequirements } from './requires';
import { declaredSecrets } from './secretsTable';

/** All that is wrong or doubtful in a runbook as far as its own text tells, each once, in the order of the file. */
export function allDiagnostics({ diagnostics, frontMatter, source }: Runbook): Diagnostic[] {
  const declared = [declaredInputs, declaredSecrets, declaredRequirements].flatMap(
    declaredIn => declaredIn(frontMatter, source).diagnostics,
  );
  const byPlace = new Map(
    [...diagnostics, ...declared].map(found => [JSON.stringify([found.span.start, found.message]), found]),
  );
  return [...byPlace.values()].sort((a, b) => a.span.start - b.span.start);
}

/** Those of them that stand in the front matter. */
export function frontMatterDiagnostics(runbook: Runbook): Diagnostic[] {
  const { frontMatter } = runbook;
  if (frontMatter === undefined) return [];
  return allDiagnostics(runbook).filter(
    ({ span, severity }) => span.start < frontMatter.span.end && severity !== 'info',
  );
}
