import { handrail } from './program';

void handrail(process.argv.slice(2));
