import type { InterpreterKind } from './interpreterRunner';
import { nodeDriver } from './nodeDriver';
import { pythonDriver } from './pythonDriver';

/** The languages whose state is a live interpreter. */
export const interpreterKinds: Readonly<Record<'python' | 'node', InterpreterKind>> = {
  // -u: what a cell prints is seen when it prints it.
  python: { name: 'python', driver: pythonDriver, driverFile: 'driver.py', args: ['-u'] },
  node: { name: 'node', driver: nodeDriver, driverFile: 'driver.cjs', args: ['--no-warnings'] },
};
