/**
 * Connections that ended because the host or the proxy stood still: a deadline fired that would not have otherwise.
 *
 * Owns the question whether measured stalls explain a deadline; nothing that follows from such a deadline is judged.
 */
import type { Attempt } from './attempt.ts';
import { plannedDelayMs } from './harm.ts';
import type { Connection } from './join.ts';
import type { Side } from './side.ts';
import { PROCESSES } from './tolerance.ts';
import { heldSinceMs } from './wire-connection.ts';
import type { WireConnection } from './wire-connection.ts';

/** Whether either side of the connection failed by such a deadline. */
export function stalledOut(attempt: Attempt, connection: Connection): boolean {
  const { client, server } = connection;
  return [client, server].some(
    (side) => side !== null && (isStalledOut(attempt, side) || isKeptWaiting(attempt, connection, side)),
  );
}

/** Not all that runs is measured: this part of such a wait must have been. */
const SEEN_OF_WAITS = 0.25;

/** A proxy that runs hands bytes on within this, its faults' own delays aside. */
const HANDED_ON_MS = 200;

/** Whether the deadline fired while the proxy sat on bytes that no fault had yet told it to keep. */
function isKeptWaiting(attempt: Attempt, connection: Connection, side: Side): boolean {
  const { wire } = connection;
  const { failed } = side;
  if (failed === null || wire === null || deadlineOf(attempt, failed.event) === null) return false;
  const isFaulty = attempt.faults.some((view) => (view.on(connection)?.earliestMs ?? Infinity) <= failed.atMs);
  if (isFaulty) return false;
  const isHeld = [wire.upstream, wire.downstream].some((flow) => {
    const sinceMs = heldSinceMs(flow, failed.atMs);
    return sinceMs !== null && failed.atMs - sinceMs > HANDED_ON_MS;
  });
  return isHeld || isLeftUnread(attempt, wire, side, failed.atMs);
}

/**
 * Whether the proxy came to what the side had sent only when its deadline was up. That the side had sent it is its own
 * word, so that the host must have been seen to stall as well.
 */
function isLeftUnread(
  { tolerance }: Attempt,
  wire: WireConnection,
  { role, sending }: Side,
  failedMs: number,
): boolean {
  const sent = sending.findLast(({ atMs }) => atMs <= failedMs);
  if (sent === undefined) return false;
  const flow = role === 'client' ? wire.upstream : wire.downstream;
  const read = flow.read.find(({ atMs }) => atMs >= sent.atMs);
  if (read === undefined || read.atMs < failedMs) return false;
  const lostMs = tolerance.lostIn({ fromMs: sent.atMs, toMs: read.atMs }, PROCESSES);
  return read.atMs - sent.atMs > HANDED_ON_MS && lostMs >= HANDED_ON_MS * SEEN_OF_WAITS;
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
