import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { version } from '../../package.json';
import { CannotInstall, type RealSystem } from './realSystem';

const path = resolve(import.meta.dirname, '..', '..', `handrail-${version}.vsix`);

/** Handrail as people install it. It takes the place of dist/ while it is made, so it is not made here. */
export const handrailPackage: RealSystem = {
  name: 'The .vsix of Handrail',
  find: () =>
    access(path).then(
      () => path,
      () => undefined,
    ),
  install: () => Promise.reject(new CannotInstall('There is no package; make it with npm run package.')),
};
