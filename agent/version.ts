import { version } from '../package.json';

/** Version of this build; agents and clients of one version find each other. */
export const productVersion: string = version;
