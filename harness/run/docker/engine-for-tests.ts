/**
 * For the tests: whether those that need an engine are skipped (`engine-setup.ts`).
 */
import { inject } from 'vitest';

export const skipWithoutEngine = inject('skipWithoutEngine');
