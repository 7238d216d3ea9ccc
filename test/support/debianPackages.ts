import { readFile } from 'node:fs/promises';
import { runCommand } from './command';
import { CannotInstall } from './realSystem';

/** Installs Debian packages where we are root on Debian or Ubuntu; elsewhere names what to install. */
export async function installDebianPackages(what: string, packages: string[]): Promise<void> {
  if (process.getuid?.() !== 0 || !(await isDebian())) {
    throw new CannotInstall(
      `${what} is not installed. On Debian and Ubuntu: sudo apt-get install ${packages.join(' ')}`,
    );
  }
  console.error(`Installing Debian packages: ${packages.join(' ')}…`);
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, deadline: 10 * 60_000 };
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  try {
    await runCommand('apt-get', [...lock, 'update', '-q'], options);
    await runCommand('apt-get', [...lock, 'install', '-yq', '--no-install-recommends', ...packages], options);
  } catch (cause) {
    throw new CannotInstall(`apt-get install ${packages.join(' ')} failed.`, { cause });
  }
}

async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}
