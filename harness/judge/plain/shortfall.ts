/**
 * What a run that is told as a success lacks: bytes that its control run had.
 *
 * Owns the comparison of what the proxy handed on. A script that hides every failure prints what it always prints: only
 * the wire tells that nothing came. Of a client that does not read all it is sent, only what it sends is compared.
 */
import type { PlainPlan } from '../../evidence/plan.ts';
import { inBytes } from '../wording.ts';
import type { ClientRun } from './rounds.ts';

/** Why there was nothing to succeed with; null: there was something, or nobody knows. */
export function nothingCame({ traffic }: ClientRun, { control }: PlainPlan['plain']): string | null {
  if (control === null || traffic === null) return null;
  const { least } = control;
  const { connections, bytes } = traffic;
  if (least.connections > 0 && connections === 0) return 'no connection of it came about, as one did without faults';
  if (bytes.downstream === 0 && (least.downstreamBytes ?? 0) > 0)
    return `no byte of an answer was handed to it, where ${inBytes(least.downstreamBytes ?? 0)} were without faults`;
  if (bytes.upstream === 0 && least.upstreamBytes > 0)
    return `no byte of it was handed to the server, where ${inBytes(least.upstreamBytes)} were without faults`;
  return null;
}

/**
 * What a success under a fault lacks; null: nothing, or nobody knows. An answer may be a little shorter each time: that it
 * is shorter than those without faults counts only where the fault takes bytes away.
 */
export function shortfall(run: ClientRun, plain: PlainPlan['plain']): string | null {
  const nothing = nothingCame(run, plain);
  if (nothing !== null) return nothing;
  const due = plain.control?.least.downstreamBytes ?? null;
  const { expect, answer } = plain.client;
  if (due === null || run.traffic === null || expect === 'unaffected' || answer === 'part') return null;
  const came = run.traffic.bytes.downstream;
  if (came >= due) return null;
  return `${inBytes(came)} of an answer of at least ${due} were handed to it: if it needs no more, say answer: 'part'`;
}
