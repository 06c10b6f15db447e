/**
 * A client without deadlines that has closed all its connections, and does not say that it is done.
 *
 * Owns when that began: such a client waits for nobody, whatever its workload allows it to wait for. Part of the
 * invariant `settled`.
 */
import type { Attempt } from './attempt.ts';
import type { Side } from './side.ts';
import type { Excess } from './tolerance.ts';

/** To say `done` takes no time; well above what a busy host adds. */
const SAYS_SO_MS = 1000;

/** How much too long it has stayed silent at an instant; null: it has something left to do, or no more than just had. */
export function lingering(attempt: Attempt, atMs: number): Excess | null {
  const sinceMs = allClosedMs(attempt);
  const excessMs = atMs - sinceMs - SAYS_SO_MS;
  if (excessMs <= 0) return null;
  return { window: { fromMs: sinceMs, toMs: atMs }, boundMs: SAYS_SO_MS, excessMs };
}

/** When the client had closed the last connection that it had to try; infinite: it had not. */
function allClosedMs({ plan, client }: Attempt): number {
  const lastOfKeys = new Map(client.sides.map((side) => [side.key, side]));
  if (lastOfKeys.size < plan.params.connections) return Infinity;
  // A connection that failed may be tried again.
  const isOver = ({ failed }: Side): boolean => plan.workload !== 'reconnect' || failed === null;
  return Math.max(...[...lastOfKeys.values()].map((side) => (isOver(side) ? side.closed?.atMs : null) ?? Infinity));
}
