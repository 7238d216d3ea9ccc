import { findProgram } from '../executors/programs';
import { packageManagers, toolOf, type PackageManager } from './tools';

/** How to get a program on this system: the command of its package manager, else where it is to be had. */
export function howToGet(name: string, path: string | undefined): string | undefined {
  const { packages, site } = toolOf(name);
  const manager = managerOn(path);
  const entry = manager === undefined ? null : packages?.[manager];
  // Windows' packages have a publisher in their name, so none is named like the program.
  const known = entry === undefined && manager !== 'winget' ? name : entry;
  if (manager === undefined || known === null || known === undefined) return site;
  return `${packageManagers[manager]} ${known}`;
}

/** The package manager of the system, by what is on the PATH. */
function managerOn(path: string | undefined): PackageManager | undefined {
  const managers = Object.keys(packageManagers) as PackageManager[];
  // A program of the system may lie where a person's PATH does not lead.
  return managers.find(
    name => findProgram(name, `${path ?? ''}:/usr/bin:/sbin:/usr/sbin`, '/') !== undefined,
  );
}
