/**
 * Every clause there is, in the order shown.
 */
import type { Clause } from './clause.ts';
import { BROKEN_STREAMS } from './clauses/broken-streams.ts';
import { CLEAN } from './clauses/clean.ts';
import { DEADLINES } from './clauses/deadlines.ts';
import { ENDING } from './clauses/ending.ts';
import { GOING_ON } from './clauses/going-on.ts';
import { PARAMETERS } from './clauses/parameters.ts';
import { PAUSES } from './clauses/pauses.ts';
import { STARTING } from './clauses/starting.ts';

export const CLAUSES: readonly Clause[] = [
  ...STARTING,
  ...CLEAN,
  ...BROKEN_STREAMS,
  ...DEADLINES,
  ...PARAMETERS,
  ...PAUSES,
  ...GOING_ON,
  ...ENDING,
];
