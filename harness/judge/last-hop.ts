/**
 * Whether what the proxy hands to its kernel for a role can be taken to reach that role.
 *
 * Owns the one reason why not: a fault of packets between the two, but for one that lets no connection be opened and leaves
 * those that stand as they are. What a side then heard, and when, is known by its own word alone.
 */
import type { Role } from '../contract/words.ts';
import type { Plan } from '../evidence/plan.ts';
import { isNetworkFault } from '../scenario/fault.ts';

/** Whether nothing but a kernel that acknowledges lies between the proxy and the role. */
export function reaches(plan: Pick<Plan, 'faults'>, role: Role): boolean {
  return !plan.faults.some((fault) => isNetworkFault(fault) && fault.kind !== 'reject' && fault.role === role);
}
