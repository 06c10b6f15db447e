/**
 * Before the tests that need an engine: whether one answers, asked and told once for all of them.
 */
import type { TestProject } from 'vitest/node';

import { messageOf } from '../run-error.ts';
import { openEngine } from './engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly skipWithoutEngine: boolean;
  }
}

/** Without an engine the tests are skipped, and one line says so; in CI there must be one, and they fail. */
export async function setup(project: TestProject): Promise<void> {
  const problem = await openEngine().then(() => null, messageOf);
  const skip = problem !== null && process.env['CI'] !== 'true';
  project.provide('skipWithoutEngine', skip);
  // It is called for each group of them.
  const [first] = project.vitest.projects.filter(({ name }) => name.startsWith('docker'));
  if (skip && project.name === first?.name) console.log(`the tests that need an engine are skipped: ${problem}`);
}
