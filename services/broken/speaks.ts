/**
 * What a subject whose bug lies in the reading of `prefix32` can play without a fault.
 */
import type { Task } from '../node/params.ts';

/** Any workload whose messages are framed by `prefix32`. */
export function speaksPrefix32({ params }: Task): boolean {
  return params.framing === 'prefix32';
}

/** Of those, the workloads in which each message arrives on its own. */
export function takesTurns(task: Task): boolean {
  return speaksPrefix32(task) && apart(task);
}

/** Workloads in which each message arrives on its own: turns are taken, or the sender pauses before each. */
export function apart({ workload, params }: Task): boolean {
  if (['connect', 'echo', 'reconnect'].includes(workload)) return true;
  return workload === 'pipeline' && params.paceMs > 0;
}
