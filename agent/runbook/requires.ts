import type { Position } from './model';

/** What has to be there before the first step: a tool of some version, or a probe that succeeds. */
export type Requirement = Position &
  (
    | { readonly kind: 'tool'; readonly name: string; readonly range: string; readonly get?: string }
    | { readonly kind: 'probe'; readonly name: string; readonly command: string; readonly help?: string }
  );
