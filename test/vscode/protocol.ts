/** What the suite in the extension host and the driver outside tell each other: JSON over HTTP on loopback. */

/** Environment variable with the driver's address, for the extension host. */
export const driverVariable = 'HANDRAIL_TEST_DRIVER';

/** What the suite reports. */
export type Report =
  | {
      readonly type: 'test';
      readonly title: string;
      readonly state: TestState;
      readonly ms: number;
      readonly error?: string;
    }
  /** A measured value, for the benchmark. */
  | { readonly type: 'figure'; readonly name: string; readonly value: number }
  /** The phase is over; with `more` the window is to be reloaded for the next. */
  | { readonly type: 'phase'; readonly more: boolean }
  /** The suite could not be run at all. */
  | { readonly type: 'broken'; readonly error: string };

export type TestState = 'passed' | 'failed' | 'skipped';

/** What a suite may ask of the page that shows its window; see `host/page.ts`. */
export type PageRequest =
  | { readonly do: 'screenshot'; readonly name: string }
  | { readonly do: 'texts'; readonly selector: string }
  | { readonly do: 'click'; readonly selector: string }
  | { readonly do: 'drag'; readonly from: string; readonly to: string; readonly holding?: string }
  | { readonly do: 'press'; readonly keys: string }
  | { readonly do: 'type'; readonly text: string }
  | { readonly do: 'evaluate'; readonly expression: string }
  | { readonly do: 'evaluateInNotebook'; readonly expression: string };

/** What outlives a reload of the window. */
export interface SuiteState {
  readonly phase: number;
  readonly kept: Record<string, unknown>;
}
