/**
 * Makes a bare Debian 12 machine ready for the tests: engine, base images, our images, browser.
 * Where a registry can be reached nothing here is needed; the images made here only carry the same names.
 */
import { baseImages, toxiproxyImage, toxiproxyServer } from './base-images.ts';
import { browser } from './browser.ts';
import { enginePackages, engineRunning } from './engine.ts';
import { ourImages } from './our-images.ts';
import { runStep, StepError, totalLine, type Step } from './step.ts';

async function inOrder(steps: readonly Step[]): Promise<void> {
  const startedAt = performance.now();
  for (const step of steps) await runStep(step);
  console.log(totalLine(performance.now() - startedAt));
}

try {
  await inOrder([enginePackages, engineRunning, ...baseImages, toxiproxyImage, toxiproxyServer, ...ourImages, browser]);
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
