import type { OutputPiece } from '../../agent/protocol/output';
import type { StepRecord } from '../../agent/protocol/runs';

/**
 * What the output renderer and the extension say to each other. The renderer pulls: it asks for a page after the last
 * sequence number it holds, and the next question acknowledges the page before. Messages travel as JSON, so bytes are
 * base64, as they come from the agent.
 */

/** Id of the renderer in package.json and of its messaging channel. */
export const RENDERER_ID = 'handrail-step';

/** MIME type of the live output's item. */
export const STEP_MIME = 'application/vnd.handrail.step+json';

/** MIME type of HTML that a cell printed, made ready for a frame of its own. */
export const PAGE_MIME = 'application/vnd.handrail.page';

/** How a step stands, as far as its output shows it. */
export type StepStatus = Pick<StepRecord, 'state'> &
  Partial<
    Pick<
      StepRecord,
      'startedAt' | 'endedAt' | 'reason' | 'exit' | 'signal' | 'message' | 'failedLine' | 'since'
    >
  >;

/** Content of a {@link STEP_MIME} item: which step it shows, and how that stood when the item was written. */
export interface StepReference {
  readonly run: string;
  readonly step: number;
  readonly name: string;
  readonly tty: boolean;
  readonly status: StepStatus;
  /** What it printed is shown beside it as something better: the text is a click away. */
  readonly folded?: boolean;
}

/** The reference that an output item of this step holds. */
export function stepReference(run: string, step: StepRecord, folded = false): StepReference {
  const { index, name, tty } = step;
  return { run, step: index, name, tty, status: stepStatus(step), ...(folded ? { folded } : {}) };
}

/** The part of a record that the output shows. */
export function stepStatus(step: StepRecord): StepStatus {
  const { state, startedAt, endedAt, reason, exit, signal, message, failedLine, since } = step;
  const known = { startedAt, endedAt, reason, exit, signal, message, failedLine, since };
  return { state, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}

/** What a person can ask for from within an output; nothing else leaves the renderer. */
export type StepCommand =
  | { readonly command: 'runAgain' | 'resume' | 'openOutput' | 'stop' | 'restartAgent' | 'showLog' }
  /** The selected text; absent: all of it. */
  | { readonly command: 'copyOutput'; readonly selection?: string }
  /** A line of the runbook, from 1. */
  | { readonly command: 'goToLine'; readonly line: number }
  /** `http:` or `https:` only; both sides check. */
  | { readonly command: 'openLink'; readonly url: string };

/** `reader` is unique to one output in one webview. */
export type RendererMessage =
  /** The webview has just loaded: what an earlier one in this editor asked for is void. */
  | { readonly type: 'hello' }
  /** Wants output after sequence number `after`; answered once there is some, or the step has ended. */
  | {
      readonly type: 'read';
      readonly reader: string;
      readonly run: string;
      readonly step: number;
      readonly after: number;
    }
  /** Wants nothing more for now: the output is off screen or gone. */
  | { readonly type: 'rest'; readonly reader: string }
  /** What the person typed, base64. */
  | { readonly type: 'input'; readonly run: string; readonly step: number; readonly data: string }
  | {
      readonly type: 'resize';
      readonly run: string;
      readonly step: number;
      readonly columns: number;
      readonly rows: number;
    }
  | { readonly type: 'command'; readonly run: string; readonly step: number; readonly do: StepCommand };

/** Output, or the place where some is missing: `skipped` to catch up (still recorded), `cut` by the limit of a step. */
export type PageEntry =
  OutputPiece | { readonly missing: 'skipped' | 'cut'; readonly bytes: number; readonly seq: number };

/** Only ever sent to the editor whose webview asked. */
export type HostMessage =
  | {
      readonly type: 'page';
      readonly reader: string;
      /** The question it answers; a page that does not go on from what the reader holds is not for it any more. */
      readonly after: number;
      readonly entries: readonly PageEntry[];
      /** Ask after this one next. */
      readonly seq: number;
      /** The step has ended and this is its last page. */
      readonly ended: boolean;
    }
  | { readonly type: 'status'; readonly reader: string; readonly status: StepStatus }
  /** Output cannot be had. With `retry` the question stands and is answered once the agent is back. */
  | { readonly type: 'gone'; readonly reader: string; readonly reason: string; readonly retry: boolean }
  /** The agent answers again. */
  | { readonly type: 'back'; readonly reader: string };
