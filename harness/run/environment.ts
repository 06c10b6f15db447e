/**
 * The variables a subject is started with: CONTRACT, Input; and those of the scripted peer.
 */
import { CONTRACT_VERSION } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import type { Plan } from '../evidence/plan.ts';

/**
 * @param host where a server binds, or where a client connects
 * @param port 0 for a server: any free port
 */
export function environmentFor(
  plan: Pick<Plan, 'workload' | 'params' | 'faults'>,
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
    ...scriptFor(plan, role),
  };
}

/** What the scripted peer is told beside the contract's variables, where it plays the role. */
function scriptFor({ faults }: Pick<Plan, 'faults'>, role: Role): Record<string, string> {
  const scripts = faults.flatMap((fault) =>
    fault.kind === 'script' && fault.role === role
      ? [{ connections: fault.connections ?? null, steps: fault.steps }]
      : [],
  );
  return scripts.length === 0 ? {} : { HALFOPEN_SCRIPT: JSON.stringify(scripts) };
}
