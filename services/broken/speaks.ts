/**
 * What a subject whose bug lies in the reading of `prefix32` can play without a fault.
 */
import type { Task } from '../node/params.ts';

/** Any workload whose messages are framed by `prefix32`. */
export function speaksPrefix32({ params }: Task): boolean {
  return params.framing === 'prefix32';
}

/** Workloads in which no message follows another without a reply in between: each arrives on its own. */
export function takesTurns(task: Task): boolean {
  return speaksPrefix32(task) && ['connect', 'echo', 'reconnect'].includes(task.workload);
}
