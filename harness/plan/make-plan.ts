/**
 * Scenario and seed in, concrete plan out: every place a byte offset, every draw made, every limit a number.
 *
 * Owns the resolution; what can be delivered where is `capability.ts`.
 */
import type { Params } from '../contract/params.ts';
import type { CellKind, Plan, ProxyKind } from '../evidence/plan.ts';
import type { Direction, Fault, Place, PlannedFault } from '../scenario/fault.ts';
import { DIRECTIONS } from '../scenario/fault.ts';
import type { Kernel, Scenario } from '../scenario/scenario.ts';
import { draw } from './draw.ts';
import { offsetOf, shapeOf } from './place.ts';
import { resolveRecut } from './recut.ts';
import { resolveScript } from './script.ts';
import { waitsOf } from './waits.ts';

/** A subject that takes longer than this to listen is held to be stuck. */
const START_LIMIT_MS = 5_000;
/** A server may take two seconds to wind down (CONTRACT, Input); then it must be gone. */
const GRACE_LIMIT_MS = 3_500;
/** Room for process start, scheduling and a host that stalls, above what the plan waits for. */
const EXCHANGE_MARGIN_MS = 2_500;
/** And for each message that waits for the answer to the one before it: through four processes of a host that is busy. */
const ROUND_TRIP_MARGIN_MS = 20;

/** A server with nothing to wait for has seen its last end after this. */
const SETTLE_MARGIN_MS = 300;

/** Faults that can leave a server waiting for its own deadline after the client is done. */
function silencesServer(fault: PlannedFault): boolean {
  if (fault.kind === 'stall' || fault.kind === 'cut') return true;
  if (fault.kind === 'script') return fault.role === 'client';
  if (fault.kind === 'kill-socket') return !fault.peerTold;
  const keepsBytes = fault.kind === 'hold' || fault.kind === 'swallow' || fault.kind === 'drop';
  return keepsBytes && fault.direction === 'upstream';
}

/** A server that is frozen to the end cannot come to its own end; waiting for it is in vain. */
function freezesServer(fault: PlannedFault): boolean {
  return fault.kind === 'freeze' && fault.role === 'server' && fault.forMs === undefined;
}

/** How long the server may take to its own end once the client is done, with the faults in force. */
function settleLimitMs({ workload, params, expect }: Scenario, faults: readonly PlannedFault[]): number {
  if (faults.some(freezesServer)) return 0;
  const hearsMessages = workload !== 'idle' || params.heartbeatMs > 0;
  const ownDeadlineMs = Math.max(hearsMessages ? params.ioTimeoutMs : 0, params.deadPeerMs + params.heartbeatMs);
  return SETTLE_MARGIN_MS + Math.max(faults.some(silencesServer) ? ownDeadlineMs : 0, ...boundsOfServer(expect));
}

/** What the server may take by the scenario's word to tell of a failure; its end of input would cut that short. */
function boundsOfServer(expect: Scenario['expect']): number[] {
  return expect.flatMap((each) =>
    each.kind === 'fails' && each.role === 'server' && each.within !== undefined ? [each.within.atMostMs] : [],
  );
}

function roundTripsMs({ workload, params }: Pick<Plan, 'workload' | 'params'>): number {
  return workload === 'echo' || workload === 'reconnect' ? params.messages * ROUND_TRIP_MARGIN_MS : 0;
}

/** Where and with whom a scenario is to run. */
export interface Placement {
  readonly cell: CellKind;
  readonly proxy: ProxyKind;
  readonly server: string;
  readonly client: string;
  readonly seed: string;
  readonly variant: Plan['variant'];
  /** The clocks of the kernel under a scenario that names none; absent: as they come. */
  readonly kernel?: Kernel | undefined;
}

function directionsOf(direction: Direction | 'both'): readonly Direction[] {
  return direction === 'both' ? DIRECTIONS : [direction];
}

/** Resolves one fault, for one direction, to byte offsets. */
function resolve(
  fault: Exclude<Fault, { kind: 'script' | 'recut' }>,
  direction: Direction,
  id: string,
  offset: (place: Place, label: string) => number,
): PlannedFault {
  if (!('direction' in fault)) return { ...fault, id };
  switch (fault.kind) {
    case 'reset':
    case 'fin':
    case 'hold':
    case 'swallow':
    case 'stall':
    case 'corrupt':
      return { ...fault, id, direction, at: offset(fault.at, id) };
    case 'fragment': {
      const { at, ...rest } = fault;
      if (at === undefined) return { ...rest, id, direction };
      const offsets = at.map((place, index) => offset(place, `${id}.${index}`)).sort((a, b) => a - b);
      return { ...rest, id, direction, at: offsets };
    }
    case 'latency':
    case 'coalesce':
    case 'bandwidth':
    case 'drop':
      return { ...fault, id, direction };
  }
}

function resolveAll(
  { faults: asked, workload }: Scenario,
  params: Params,
  seed: string,
): Pick<Plan, 'faults' | 'scenarioFaults'> {
  const faults: PlannedFault[] = [];
  const nextId = (): string => `f${faults.length + 1}`;
  const scenarioFaults = asked.map((fault) => {
    if (fault.kind === 'script' || fault.kind === 'recut') {
      const own =
        fault.kind === 'script' ? resolveScript(fault, workload, params) : resolveRecut(fault, workload, params, seed);
      return own.map((each) => {
        const id = nextId();
        faults.push({ ...each, id });
        return id;
      });
    }
    const ways = 'direction' in fault ? directionsOf(fault.direction) : (['upstream'] as const);
    return ways.map((direction) => {
      const id = nextId();
      const shape = shapeOf(workload, params, direction);
      faults.push(resolve(fault, direction, id, (place, label) => offsetOf(place, shape, seed, label)));
      return id;
    });
  });
  return { faults, scenarioFaults };
}

/** A control expects of both roles that they complete: with the fault off, nothing is wrong. */
const CONTROL_EXPECTS: Plan['expect'] = [
  { kind: 'completes', role: 'client' },
  { kind: 'completes', role: 'server' },
];

/**
 * Makes the plan of one attempt.
 *
 * @param id the scenario's id: its path under `scenarios/`
 * @throws {RangeError} where a place of the scenario lies outside its message
 */
export function makePlan(id: string, scenario: Scenario, { kernel: asked, ...placement }: Placement): Plan {
  const kernel = scenario.kernel ?? asked;
  const control = placement.variant === 'control';
  const seed = `${placement.seed}:${id}`;
  const params = { ...scenario.params, seed: String(draw(seed, 'payloads', 1_000_000_000)) };
  const resolved = control ? { faults: [], scenarioFaults: [] } : resolveAll(scenario, params, seed);
  const exchange = {
    workload: scenario.workload,
    params,
    ...resolved,
    expect: control ? CONTROL_EXPECTS : scenario.expect,
    seen: control ? [] : scenario.seen,
  };
  const waitsMs = waitsOf(exchange);
  const deadlinesMs = Math.max(params.connectTimeoutMs, params.ioTimeoutMs, params.deadPeerMs + params.heartbeatMs);
  return {
    schema: 1,
    scenario: id,
    claim: scenario.claim,
    source: scenario.source,
    ...placement,
    ...exchange,
    ...(kernel === undefined ? {} : { kernel }),
    ...(scenario.resources === undefined ? {} : { resources: scenario.resources }),
    limits: {
      startMs: START_LIMIT_MS,
      exchangeMs: waitsMs + deadlinesMs * 2 + EXCHANGE_MARGIN_MS + roundTripsMs(exchange),
      settleMs: settleLimitMs(scenario, resolved.faults),
      graceMs: GRACE_LIMIT_MS,
    },
    waitsMs,
  };
}
