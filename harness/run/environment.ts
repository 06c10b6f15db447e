/**
 * The variables a subject is started with: CONTRACT, Input.
 */
import { CONTRACT_VERSION } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import type { Plan } from '../evidence/plan.ts';

/**
 * @param host where a server binds, or where a client connects
 * @param port 0 for a server: any free port
 */
export function environmentFor(
  plan: Pick<Plan, 'workload' | 'params'>,
  role: Role,
  host: string,
  port: number,
): Record<string, string> {
  return {
    HALFOPEN_CONTRACT: CONTRACT_VERSION,
    HALFOPEN_ROLE: role,
    HALFOPEN_WORKLOAD: plan.workload,
    HALFOPEN_HOST: host,
    HALFOPEN_PORT: String(port),
    HALFOPEN_PARAMS: JSON.stringify(plan.params),
  };
}
