import type { RunObserver } from '../types';

/**
 * An observer whose bugs end no run: what it throws is reported, the first of each kind of news, and it is told on.
 */
export function isolateObserver(observer: RunObserver, report: (error: unknown) => void): RunObserver {
  const said = new Set<string>();
  const failed = (kind: keyof RunObserver, error: unknown): void => {
    if (!said.has(kind)) report(error);
    said.add(kind);
  };
  const guarded = <T>(kind: keyof RunObserver, tell: () => T): T | undefined => {
    try {
      return tell();
    } catch (error) {
      failed(kind, error);
      return undefined;
    }
  };
  return {
    planned: (warnings, steps) => guarded('planned', () => observer.planned?.(warnings, steps)),
    runChanged: run => guarded('runChanged', () => observer.runChanged(run)),
    stepChanged: (run, step) => guarded('stepChanged', () => observer.stepChanged(run, step)),
    output(run, step, piece) {
      const wait = guarded('output', () => observer.output(run, step, piece));
      return wait?.catch((error: unknown) => failed('output', error));
    },
  };
}
