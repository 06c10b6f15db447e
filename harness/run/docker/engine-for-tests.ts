/**
 * For the tests: whether those that need an engine are skipped (`engine-setup.ts`), and how they share one.
 */
import { inject } from 'vitest';

import { statusOf } from './engine.ts';

export const skipWithoutEngine = inject('skipWithoutEngine');

/** Again where a run of another test file has swept what was being made, which nobody guards. */
export async function unlessSwept(make: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await make();
      return;
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }
}
