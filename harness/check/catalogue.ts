/**
 * Every clause there is, in the order shown.
 */
import type { Clause } from './clause.ts';
import { CLEAN } from './clauses/clean.ts';
import { STARTING } from './clauses/starting.ts';

export const CLAUSES: readonly Clause[] = [...STARTING, ...CLEAN];
