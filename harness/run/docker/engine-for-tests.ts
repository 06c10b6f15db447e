/**
 * For the tests: whether an engine answers. Without one they are skipped, in one line that says so; in CI it must be there.
 */
import { openEngine } from './engine.ts';

const answers = await openEngine().then(
  () => true,
  () => false,
);

export const skipWithoutEngine = !answers && process.env['CI'] !== 'true';
if (skipWithoutEngine) console.log('no container engine answers: the tests that need one are skipped');
