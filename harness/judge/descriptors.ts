/**
 * What a server may do that has no descriptor for one more connection.
 *
 * Owns the two things that runtimes make of it: the connection stays in the kernel's queue and each try to accept it is a
 * failure (Python), or it is accepted by a descriptor kept for that, closed at once, and nobody is told (libuv).
 */
import type { Plan } from '../evidence/plan.ts';
import type { EventOf } from './side.ts';
import type { WireConnection } from './wire-connection.ts';

/** Whether the scenario holds the server to so many descriptors. */
function isLimited({ resources }: Plan): boolean {
  return resources?.server?.fds !== undefined;
}

/** Whether the server's runtime may have turned the connection away without its program. */
export function mayBeTurnedAway(plan: Plan, wire: WireConnection): boolean {
  return isLimited(plan) && wire.downstream.read.length === 0 && wire.downstream.sendersEnd !== null;
}

/** Whether the failure can be of a server that cannot accept yet. */
export function mayHaveNoneLeft(plan: Plan, role: 'client' | 'server', { event }: EventOf<'failed'>): boolean {
  return isLimited(plan) && role === 'server' && event.op === 'accept' && event.code === 'other';
}
