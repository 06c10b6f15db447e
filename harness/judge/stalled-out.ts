/**
 * Connections that ended because the host stood still: a deadline fired that would not have on a host that ran.
 *
 * Owns the question whether measured stalls explain a deadline; nothing that follows from such a deadline is judged.
 */
import type { Attempt } from './attempt.ts';
import { plannedDelayMs } from './harm.ts';
import type { Connection } from './join.ts';
import type { Side } from './side.ts';

/** Whether either side of the connection failed by such a deadline. */
export function stalledOut(attempt: Attempt, { client, server }: Connection): boolean {
  return [client, server].some((side) => side !== null && isStalledOut(attempt, side));
}

function isStalledOut(attempt: Attempt, { failed }: Side): boolean {
  if (failed === null) return false;
  const boundMs = deadlineOf(attempt, failed.event);
  if (boundMs === null) return false;
  const window = { fromMs: failed.atMs - boundMs, toMs: failed.atMs };
  const excessMs = Math.max(0, boundMs - plannedDelayMs(attempt.plan, attempt.ledger.shape));
  return attempt.tolerance.explains({ window, boundMs, excessMs });
}

/** The deadline that a failure tells of; null: it tells of none. */
function deadlineOf({ plan }: Attempt, { code, op }: { code: string; op: string }): number | null {
  const { connectTimeoutMs, ioTimeoutMs, deadPeerMs } = plan.params;
  if (code === 'dead-peer') return deadPeerMs;
  if (code !== 'timeout') return null;
  return op === 'connect' ? connectTimeoutMs : ioTimeoutMs;
}
