import { findOnPath, runCommand } from '../command';
import { installDebianPackages } from '../debianPackages';
import type { RealSystem } from '../realSystem';

/** The `docker` program of people. Debian has it in `docker.io` up to 12, in a package of its own from 13 on. */
export const dockerProgram: RealSystem = {
  name: 'The docker program',
  find: () => findOnPath('docker'),
  async install() {
    const known = await runCommand('apt-cache', ['pkgnames', 'docker-cli'], { deadline: 60_000 }).catch(
      () => '',
    );
    const own = known.split('\n').includes('docker-cli');
    await installDebianPackages('The docker program', [own ? 'docker-cli' : 'docker.io']);
  },
};
