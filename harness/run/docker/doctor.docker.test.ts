import { expect, test } from 'vitest';

import { examineEngine } from './doctor.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

test.skipIf(skipWithoutEngine)('with an engine each part is found, or comes with a remedy', async () => {
  const findings = await examineEngine();
  expect(findings.slice(0, 3).map(({ what, there }) => [what, there])).toEqual([
    ['container engine', true],
    ['docker compose', true],
    ['docker buildx', true],
  ]);
  for (const { there, remedy } of findings) expect(remedy === '').toBe(there);
});
