/**
 * The one pattern for every real system that tests need: find it, else install or build it; start a private one,
 * wait until it is ready, hand out its address; end it. Each system is a file of its own beside this one, with
 * a `RealSystem` for the first half and a `start…` function for the second.
 */
export interface RealSystem {
  readonly name: string;
  /** Path of what is to be started, when it is on this machine. Quick; asks no network. */
  find(): Promise<string | undefined>;
  /** Installs or builds it. Throws {@link CannotInstall} where that is not ours to do. */
  install(): Promise<void>;
}

/** Something started for one test. Disposing it ends its processes and removes its files. */
export interface Started extends AsyncDisposable {
  readonly address: string;
}

/** Says what a person has to do. */
export class CannotInstall extends Error {}

/** Finds or installs a system and gives its path. Throws with the reason where neither works. */
export async function provide(system: RealSystem): Promise<string> {
  const found = await system.find();
  if (found !== undefined) return found;
  await system.install();
  const installed = await system.find();
  if (installed === undefined)
    throw new CannotInstall(`${system.name} was installed but is not to be found.`);
  return installed;
}

/**
 * For use as mocha's `before`: skips the suite where a system cannot be had, and says why; under CI that is a failure.
 *
 * @example before(needs(chromium))
 */
export function needs(...systems: RealSystem[]): Mocha.AsyncFunc {
  return async function () {
    // Some are built, on a machine that may be busy.
    this.timeout(30 * 60_000);
    for (const system of systems) {
      try {
        await provide(system);
      } catch (error) {
        if (!mayBeMissing(error)) throw error;
        console.log(`    skipped: ${error.message}`);
        this.skip();
      }
    }
  };
}

/** Whether a test may be skipped for this error: a system cannot be installed here, and this is not CI. */
export function mayBeMissing(error: unknown): error is CannotInstall {
  return error instanceof CannotInstall && process.env['CI'] !== 'true';
}
