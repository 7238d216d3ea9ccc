import { findOnPath } from './command';
import { installDebianPackages } from './debianPackages';
import type { RealSystem } from './realSystem';

export const git = program('git');
export const zsh = program('zsh');
export const fish = program('fish');
export const dash = program('dash');

/** A program that Debian has in a package of the same name. It is used as it is; there is nothing to start. */
function program(name: string): RealSystem {
  return { name, find: () => findOnPath(name), install: () => installDebianPackages(name, [name]) };
}
