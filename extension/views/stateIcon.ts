import { ThemeColor, ThemeIcon } from 'vscode';
import type { StepState } from '../../agent/protocol/runs';

/** The icon of a state, in VS Code's own colours for results. */
export function stateIcon(state: StepState): ThemeIcon {
  const [id, colour] = icons[state];
  return new ThemeIcon(id, colour === undefined ? undefined : new ThemeColor(colour));
}

const icons: Readonly<Record<StepState, readonly [string, string?]>> = {
  pending: ['clock', 'testing.iconQueued'],
  running: ['loading~spin'],
  passed: ['pass', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  skipped: ['debug-step-over', 'testing.iconSkipped'],
  cancelled: ['circle-slash', 'testing.iconSkipped'],
  interrupted: ['debug-disconnect', 'list.warningForeground'],
  'not-run': ['circle-outline', 'testing.iconSkipped'],
};
