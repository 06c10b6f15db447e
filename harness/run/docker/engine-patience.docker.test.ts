import { expect, onTestFinished, test, vi } from 'vitest';

import { openEngine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { STUCK } from './engine-patience.ts';

test.skipIf(skipWithoutEngine)('an engine that is gone is told as that, by whichever call finds it so', async () => {
  await using between = await EngineInBetween.open();
  vi.stubEnv('DOCKER_HOST', between.host);
  onTestFinished(() => void vi.unstubAllEnvs());
  const engine = await openEngine();
  between.cut();
  await expect(engine.listContainers()).rejects.toMatchObject({ code: 'engine-lost', remedy: STUCK });
});
