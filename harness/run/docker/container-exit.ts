/**
 * How a program in a container ended, from what the engine says of it.
 */
import { constants } from 'node:os';

import type { Exit } from '../cell.ts';

/** Statuses above this are signals, as shells and the engine write them. */
const SIGNAL_BASE = 128;

/** A status as the engine gives it: a signal's is told as the signal. */
export function asExit(code: number): Exit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - SIGNAL_BASE)?.[0];
  return signal === undefined ? { status: code, signal: null } : { status: null, signal };
}
