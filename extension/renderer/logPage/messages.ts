import type { LogLine, LogSource } from '../../../agent/protocol/logs';

/** What the page of a log is told. */
export type ToLogPage =
  | {
      readonly type: 'lines';
      readonly number: number;
      readonly lines: readonly LogLine[];
      readonly sources?: readonly LogSource[];
      /** Containers whose lines are not shown, as there are too many; told with `sources`. */
      readonly leftOut?: number;
    }
  /** What a person has to know beside the lines; undefined: nothing any more. */
  | { readonly type: 'notice'; readonly text: string | undefined };

/** What the page of a log tells. */
export type FromLogPage =
  | { readonly type: 'ready' }
  /** There is room for what comes after `number`. */
  | { readonly type: 'taken'; readonly number: number }
  /** The log from its beginning is wanted, in place of what is there. */
  | { readonly type: 'whole' }
  | { readonly type: 'save' }
  | { readonly type: 'copy'; readonly text: string; readonly note: string };
