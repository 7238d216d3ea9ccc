import type { RunObserver } from '../../engine/types';
import type { Call } from '../call';
import { createJsonlPresenter } from './jsonlPresenter';
import { createTextPresenter } from './textPresenter';

/** What prints a run as the call's options ask for it. */
export function presenterFor(
  call: Call,
  { recorded, cause }: { recorded: boolean; cause?: () => string | undefined },
): RunObserver {
  const { options, terminal, cwd } = call;
  if (options.flag('jsonl')) return createJsonlPresenter(line => terminal.stdout.write(line));
  const style = {
    quiet: options.flag('quiet'),
    verbose: options.flag('verbose'),
    cwd,
    recorded,
    ...(cause && { cause }),
  };
  return createTextPresenter(terminal, style);
}
