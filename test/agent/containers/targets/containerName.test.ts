import assert from 'node:assert/strict';
import { containerName } from '../../../../agent/containers/targets/openImage';

describe('the name of a container that is made for a runbook', () => {
  const cases: readonly (readonly [string | undefined, RegExp])[] = [
    ['/ops/restart-api.runbook.md', /^handrail-restart-api-[\da-f]{8}$/],
    ['/ops/Größe & Maß.md', /^handrail-Gro-e-Ma-[\da-f]{8}$/],
    ['/ops/日本.md', /^handrail-[\da-f]{8}$/],
    [`/ops/${'long-'.repeat(40)}.md`, /^handrail-[\w-]{40}-[\da-f]{8}$/],
    [undefined, /^handrail-[\da-f]{8}$/],
  ];
  for (const [file, expected] of cases)
    it(String(expected), () => assert.match(containerName(file), expected));
});
