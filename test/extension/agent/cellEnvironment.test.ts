import assert from 'node:assert/strict';
import { cellEnvironment } from '../../../extension/agent/cellEnvironment';

describe('the environment of cells', () => {
  it('is the extension host’s without what is VS Code’s own', () => {
    const env = {
      PATH: '/bin',
      HOME: '/home/ana',
      EMPTY: '',
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_PID: '7',
      NODE_OPTIONS: '--inspect',
      MY_VSCODE_X: 'kept',
      GONE: undefined,
    };
    assert.deepEqual(cellEnvironment(env), {
      PATH: '/bin',
      HOME: '/home/ana',
      EMPTY: '',
      MY_VSCODE_X: 'kept',
    });
  });
});
