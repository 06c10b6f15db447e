/**
 * How long a plan itself makes everybody wait: what is taken off when overhead is measured, and what limits build on.
 *
 * Owns a lower bound, never an overestimate: a wait is counted only where the plan cannot end without it.
 */
import type { Plan } from '../evidence/plan.ts';
import { isNetworkFault } from '../scenario/fault.ts';
import type { FaultKind, NetworkFault, PlannedFault } from '../scenario/fault.ts';
import type { Mark } from '../scenario/expectation.ts';
import type { Role } from '../contract/words.ts';
import { streamBytes } from './place.ts';

/** Faults after which the exchange cannot go on to its end, so that only the stated bounds are sure to be waited. */
const ENDING: ReadonlySet<FaultKind> = new Set([
  'reset',
  'fin',
  'swallow',
  'refuse',
  'hang-connect',
  'reject',
  'kill',
  'stop',
  'kill-container',
  'script',
  'kill-socket',
  'restart',
]);

/** Faults that keep everything where it is until they are lifted. */
const LIFTABLE: ReadonlySet<FaultKind> = new Set(['hold', 'stall', 'freeze', 'cut']);

/** What a token bucket lets through at once (man 8 tc-tbf): `run/docker/network/helper/main.ts` sets it. */
const RATE_BURST_BYTES = 4_096;

type Exchange = Pick<Plan, 'workload' | 'params' | 'faults' | 'seen' | 'expect'>;

function ends(fault: PlannedFault): boolean {
  if (fault.kind === 'drop') return fault.oneIn === 1 && fault.forMs === undefined;
  return ENDING.has(fault.kind) || (LIFTABLE.has(fault.kind) && fault.forMs === undefined);
}

/** What waits for what went before, so that a delay is paid for each: the messages of an echo, and the end after them. */
function turns({ workload, params }: Exchange): number {
  return workload === 'echo' ? params.messages + 1 : 1;
}

function cutsOf(fault: Extract<PlannedFault, { kind: 'fragment' }>, bytes: number): number {
  return fault.every === undefined ? (fault.at?.length ?? 0) : Math.ceil(bytes / fault.every) - 1;
}

function networkWaitMs(fault: NetworkFault, exchange: Exchange): number {
  switch (fault.kind) {
    case 'cut':
      return fault.forMs ?? 0;
    case 'rate':
      return Math.max(0, sentBytes(fault.role, exchange) - RATE_BURST_BYTES) / fault.kilobytesPerSecond;
    // Dropped packets are sent again as soon as the kernel finds out, which no plan knows.
    case 'drop':
    case 'reject':
    case 'restart':
    case 'kill-socket':
      return 0;
  }
}

function faultWaitMs(fault: Exclude<PlannedFault, NetworkFault>, exchange: Exchange): number {
  if (!('direction' in fault)) return fault.kind === 'freeze' ? (fault.forMs ?? 0) : 0;
  switch (fault.kind) {
    case 'latency':
      return Math.max(0, fault.latencyMs - fault.jitterMs) * turns(exchange);
    case 'bandwidth':
      return streamBytes(exchange, fault.direction) / fault.kilobytesPerSecond;
    case 'fragment':
      return Math.max(0, cutsOf(fault, streamBytes(exchange, fault.direction))) * fault.gapMs;
    case 'hold':
    case 'stall':
      return fault.forMs ?? 0;
    case 'corrupt':
    case 'coalesce':
    case 'reset':
    case 'fin':
    case 'swallow':
      return 0;
  }
}

/** Bytes that a role originates on one connection. */
function sentBytes(role: Role, exchange: Exchange): number {
  return streamBytes(exchange, role === 'client' ? 'upstream' : 'downstream');
}

/** Connections that the faults tell apart; 0 stands for those that none names. */
function connectionsOf({ faults }: Exchange): number[] {
  return [0, ...new Set(faults.flatMap((fault) => ('connections' in fault ? (fault.connections ?? []) : [])))];
}

/** What the faults on one connection delay it by. Connections are delayed side by side. */
function delayOnMs(exchange: Exchange, number: number): number {
  const own = exchange.faults.filter(
    (fault) => !('connections' in fault) || (fault.connections?.includes(number) ?? true),
  );
  const delays = own.map((fault) =>
    isNetworkFault(fault) ? networkWaitMs(fault, exchange) : faultWaitMs(fault, exchange),
  );
  // Two directions may wait at the same time in a pipeline; in an echo they take turns.
  return exchange.workload === 'echo' ? delays.reduce((sum, each) => sum + each, 0) : Math.max(0, ...delays);
}

/** Heartbeats that must have come before the instant that a bound counts from, at the pace at which they are sent. */
function heartbeatsMs({ workload, params, seen }: Exchange, from: Mark): number {
  if (workload !== 'idle' || from.mark !== 'last-byte') return 0;
  const hearer = from.direction === 'downstream' ? 'client' : 'server';
  const heard = seen.filter(({ role, event }) => role === hearer && event === 'heard');
  return Math.max(0, ...heard.map(({ atLeast }) => atLeast)) * params.heartbeatMs;
}

/** How often what is stated of each connection is waited for, one time after the other. */
function rounds({ workload, params, faults }: Exchange): number {
  const concernsAll = faults.every((fault) => !('connections' in fault) || fault.connections === undefined);
  return workload === 'connect' && concernsAll ? Math.ceil(params.connections / params.concurrency) : 1;
}

/** Whether there is a pause before every message but the first: who connects again begins without one. */
function isPaced({ workload, faults }: Exchange): boolean {
  return workload === 'echo' || workload === 'pipeline' || (workload === 'reconnect' && faults.length === 0);
}

/** Milliseconds the plan cannot do without. */
export function waitsOf(exchange: Exchange): number {
  const stated = exchange.expect.map((expectation) => {
    const within = expectation.kind === 'fails' ? expectation.within : undefined;
    return within === undefined ? 0 : heartbeatsMs(exchange, within.from) + within.atLeastMs;
  });
  const statedMs = Math.max(0, ...stated) * rounds(exchange);
  const fails = exchange.expect.some((expectation) => expectation.kind === 'fails');
  if (fails || exchange.faults.some(ends)) return statedMs;
  const { workload, params } = exchange;
  const paceMs = isPaced(exchange) ? params.paceMs * Math.max(0, params.messages - 1) : 0;
  const stayMs = workload === 'idle' ? params.durationMs : workload === 'slow-reader' ? params.readPauseMs : 0;
  const delayMs = Math.max(0, ...connectionsOf(exchange).map((number) => delayOnMs(exchange, number)));
  return Math.max(statedMs, stayMs, paceMs + delayMs);
}
