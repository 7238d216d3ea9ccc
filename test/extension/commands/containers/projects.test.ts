import assert from 'node:assert/strict';
import { projectsOf } from '../../../../extension/commands/containers/projects';

describe('compose projects to choose from', () => {
  const row = (project?: string, service?: string, state: 'running' | 'exited' = 'running') => ({
    state,
    ...(project !== undefined && { project }),
    ...(service !== undefined && { service }),
  });
  const labels = (...rows: ReturnType<typeof row>[]) =>
    projectsOf(rows).map(({ label, description }) => `${label}: ${description}`);

  it('are in order, each with its services where there are several', () => {
    assert.deepEqual(labels(row('shop', 'db'), row(), row('blog', 'web'), row('shop', 'api', 'exited')), [
      'blog: 1 running',
      'shop: 1 of 2 running',
      'shop/api: 0 of 1 running',
      'shop/db: 1 running',
    ]);
  });

  it('are none where no container belongs to one', () => {
    assert.deepEqual(labels(row(), row(undefined, 'api')), []);
  });
});
