import type { Diagnostic, FrontMatter, Position } from './model';

/** What must be there before the first step: front matter `requires`. */
export type Requirement = ToolRequirement | ProbeRequirement;

/** A program on the PATH. */
export interface ToolRequirement extends Position {
  readonly kind: 'tool';
  readonly name: string;
  /** A range as npm's semver reads it; `*`: any version will do, and it is not asked for its version. */
  readonly version: string;
  /** How to get it, in the author's words. */
  readonly get?: string;
}

/** A command that exits 0 where things are as they should be: a VPN, a login, a permission. */
export interface ProbeRequirement extends Position {
  readonly kind: 'probe';
  readonly name: string;
  readonly command: string;
  /** What to do where it fails, in the author's words. */
  readonly help?: string;
}

/** The requirements that a runbook declares. Those with a mistake in them are left out and are a diagnostic. */
export function declaredRequirements(
  _frontMatter: FrontMatter | undefined,
  _source: string,
): { requirements: Requirement[]; diagnostics: Diagnostic[] } {
  return { requirements: [], diagnostics: [] };
}
