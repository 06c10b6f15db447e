/**
 * How long operations took before, during and after the faults: percentiles, no means.
 *
 * An operation that never ended is censored: it took at least as long as it was watched, and counts as such. What came
 * torn or foreign in place of a reply ends none.
 */
import type { Workload } from '../../contract/words.ts';
import { alignEvents } from '../../evidence/clock.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Verdict } from '../../evidence/verdict.ts';
import { DueReplies } from './due-reply.ts';

export const PHASES = ['before', 'during', 'after'] as const;
export type Phase = (typeof PHASES)[number];

/** One operation of the client. */
export interface Sample {
  readonly startMs: number;
  readonly tookMs: number;
  /** It did not end; `tookMs` is how long it was watched. */
  readonly censored: boolean;
}

/** A quantile's time; `atLeast` where the operation at that rank never ended. */
export interface Quantile {
  readonly valueMs: number;
  readonly atLeast: boolean;
}

export interface Distribution {
  readonly phase: Phase;
  readonly samples: readonly Sample[];
  readonly censored: number;
}

/** What is timed in a workload, in words; null: nothing that has a reply. */
const TIMED: Readonly<Record<Workload, string | null>> = {
  connect: 'to connect',
  echo: 'from sending a message to its whole echo',
  pipeline: 'from sending a message to its whole echo',
  reconnect: 'from sending a message to its whole echo',
  upload: 'from sending the message to the whole reply',
  download: null,
  idle: null,
  'slow-reader': 'to hand a message over',
};

export function timedOperation(workload: Workload): string | null {
  return TIMED[workload];
}

/** The client's operations of an attempt, in order of their start. */
export function samplesOf(evidence: Evidence, verdict: Verdict | null): Sample[] {
  const { workload } = evidence.plan;
  if (TIMED[workload] === null) return [];
  const starts = workload === 'connect' ? 'connecting' : 'sending';
  const ends = { connect: 'connected', 'slow-reader': 'sent' }[workload as string] ?? 'received';
  const open = new Map<string, number>();
  const samples: Sample[] = [];
  const replies = new DueReplies(evidence, verdict);
  const settle = (key: string, atMs: number, censored: boolean): void => {
    const startMs = open.get(key);
    if (startMs === undefined) return;
    open.delete(key);
    samples.push({ startMs, tookMs: Math.max(0, atMs - startMs), censored });
  };
  let lastMs = 0;
  for (const { event, atMs } of alignEvents(evidence.records, 'client').events) {
    lastMs = Math.max(lastMs, atMs);
    replies.note(event);
    if (!('conn' in event) || event.conn === undefined) continue;
    const key = `${event.conn} ${'seq' in event ? event.seq : ''}`;
    if (event.event === starts) open.set(key, atMs);
    else if (event.event === ends && (event.event !== 'received' || replies.isDue(event))) settle(key, atMs, false);
    else if (event.event === 'failed') abandon(event.conn, atMs);
  }
  for (const key of open.keys()) settle(key, lastMs, true);
  return samples.sort((a, b) => a.startMs - b.startMs);

  function abandon(conn: number, atMs: number): void {
    for (const key of open.keys()) if (key.startsWith(`${conn} `)) settle(key, atMs, true);
  }
}

/**
 * The samples by the phase in which they began. Without a delivered fault all are `before`.
 *
 * @param verdict what the judge said of the attempt; null: nothing
 */
export function distributionsOf(evidence: Evidence, verdict: Verdict | null): Distribution[] {
  const delivered = evidence.receipts.flatMap((receipt) => receipt.delivered?.earliestMs ?? []);
  const fromMs = delivered.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...delivered);
  const toMs = liftedMs(evidence);
  const phaseOf = ({ startMs, tookMs }: Sample): Phase => {
    if (startMs + tookMs < fromMs) return 'before';
    return startMs < toMs ? 'during' : 'after';
  };
  const samples = samplesOf(evidence, verdict);
  return PHASES.map((phase) => {
    const members = samples.filter((sample) => phaseOf(sample) === phase);
    return { phase, samples: members, censored: members.filter((sample) => sample.censored).length };
  }).filter(({ samples: members }) => members.length > 0);
}

/** When the last fault was lifted; never, if one stayed. */
function liftedMs(evidence: Evidence): number {
  return evidence.receipts.reduce((latest, receipt) => {
    if (receipt.delivered === null) return latest;
    return Math.max(latest, receipt.lifted?.acknowledgedAtMs ?? Number.POSITIVE_INFINITY);
  }, Number.NEGATIVE_INFINITY);
}

/**
 * The nearest-rank quantile. Censored samples rank by the time they were watched, and everything from the first of
 * them on is only known as a lower bound.
 *
 * @param samples at least one
 * @param share above 0, at most 1
 */
export function quantile(samples: readonly Sample[], share: number): Quantile {
  const ranked = [...samples].sort((a, b) => a.tookMs - b.tookMs);
  const rank = Math.max(1, Math.ceil(share * ranked.length));
  return {
    valueMs: ranked[rank - 1]?.tookMs ?? 0,
    atLeast: ranked.slice(0, rank).some((sample) => sample.censored),
  };
}
