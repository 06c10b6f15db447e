/**
 * Which fault can be delivered where: the table of DESIGN, Faults, as data.
 *
 * Owns the reasons a scenario is unsupported in a cell; delivering a fault belongs to `run`.
 */
import type { CellKind, Plan, ProxyKind } from '../evidence/plan.ts';
import { NETWORK_KINDS } from '../scenario/fault.ts';
import type { FaultKind, PlannedFault } from '../scenario/fault.ts';

const NOT_BEFORE_CONNECT = 'real Toxiproxy places it exactly only when it is armed before connect';

/** What real Toxiproxy 2.12 cannot do, by fault; `null`: it can. Measured, see docs/differences-from-toxiproxy.md. */
const TOXIPROXY_LIMITS: Readonly<Record<FaultKind, (fault: PlannedFault) => string | null>> = {
  latency: () => null,
  fragment: (fault) =>
    fault.kind === 'fragment' && fault.every !== undefined ? null : 'its slicer cannot cut at chosen offsets',
  coalesce: () => 'it has no toxic that joins writes',
  reset: resetsExactly,
  fin: endsExactly,
  hold: () => 'it cannot keep bytes from a chosen offset on',
  swallow: (fault) =>
    fault.kind === 'swallow' && fault.at === 0 ? null : 'its timeout toxic cannot begin at a chosen byte',
  stall: () => 'it goes on reading while it hands nothing on',
  corrupt: () => 'it has no toxic that changes a byte',
  bandwidth: () => null,
  refuse: (fault) =>
    fault.when.on === 'before-connect'
      ? null
      : 'disabled, it ends live connections as if all it held had been handed on',
  'hang-connect': () => 'it accepts whatever comes',
  freeze: () => null,
  kill: () => null,
  stop: () => null,
  'kill-container': () => null,
  script: () => null,
  cut: laundersEnds,
  restart: laundersEnds,
  drop: laundersEnds,
  reject: laundersEnds,
  rate: laundersEnds,
  'kill-socket': laundersEnds,
};

/** What a broken network comes to in the end is a reset, and that is what it does not hand on. */
function laundersEnds(): string {
  return 'it hands a reset on as an end, so that what the packets did would not be told';
}

/** `limit_data` counts from the start of a connection, and looks at the count only when bytes come. */
function endsExactly(fault: PlannedFault): string | null {
  if (fault.when.on !== 'before-connect') return NOT_BEFORE_CONNECT;
  return 'at' in fault && fault.at === 0 ? 'it ends a connection only when a byte comes, not before the first' : null;
}

/** What one read of the other side takes at most; a reset after more was seen to overtake the last of it. */
const SURELY_READ_BYTES = 64 * 1024;

/** Toxiproxy resets as soon as it has written: what the other side's kernel holds unread by then is lost to it. */
function resetsExactly(fault: PlannedFault): string | null {
  if ('at' in fault && typeof fault.at === 'number' && fault.at > SURELY_READ_BYTES)
    return `its reset can overtake bytes that are still on their way, of more than ${SURELY_READ_BYTES}`;
  return endsExactly(fault);
}

const NO_NETWORK = "a local cell's processes share the machine's own network; run it with --cell docker";

const UNLIMITED = "a local cell's processes have no container that could limit them; run it with --cell docker";

const MACHINES_CLOCKS = "a local cell's processes have the machine's own kernel clocks; run it with --cell docker";

/** Only the engine makes containers, and takes them off their networks. */
const NO_ENGINE =
  'it needs the engine, and the cell that compose keeps up is driven without; run it with --cell docker';

const NO_PEER = 'no image holds the scripted peer';

/** What a cell cannot do whatever the proxy. */
const CELL_LIMITS: Readonly<Record<CellKind, Readonly<Partial<Record<string, string>>>>> = {
  local: {
    'kill-container': 'a local cell has no containers',
    ...Object.fromEntries(NETWORK_KINDS.map((kind) => [kind, NO_NETWORK])),
  },
  docker: { script: NO_PEER },
  compose: {
    script: NO_PEER,
    'kill-container': NO_ENGINE,
    ...Object.fromEntries(NETWORK_KINDS.map((kind) => [kind, NO_ENGINE])),
  },
};

/** What a cell cannot make of its subjects' places. */
const TERRAIN_LIMITS: Readonly<Record<CellKind, Readonly<Record<'kernel' | 'resources', string | null>>>> = {
  local: { kernel: MACHINES_CLOCKS, resources: UNLIMITED },
  docker: { kernel: null, resources: null },
  compose: { kernel: NO_ENGINE, resources: NO_ENGINE },
};

/** Workloads in which one direction always goes on after the other's end. */
const ENDS_APART: ReadonlySet<Plan['workload']> = new Set(['upload', 'slow-reader']);

/** Workloads in which either side goes on sending whatever the other does. */
const SENDS_ON: ReadonlySet<Plan['workload']> = new Set(['pipeline']);

/** The parts of a plan that decide where it can run. */
export type Demand = Pick<Plan, 'workload' | 'params' | 'faults' | 'kernel' | 'resources'>;

/** Why no cell of that kind can carry a scenario's faults out, whatever the proxy; `null` where it can. */
export function whyNotIn(
  cell: CellKind,
  { faults, kernel, resources }: Pick<Plan, 'kernel' | 'resources'> & { faults: readonly { readonly kind: string }[] },
): string | null {
  const limits = TERRAIN_LIMITS[cell];
  if (kernel === 'fast' && limits.kernel !== null) return `kernel: ${limits.kernel}`;
  if (resources !== undefined && limits.resources !== null) return `resources: ${limits.resources}`;
  for (const { kind } of faults) {
    const reason = CELL_LIMITS[cell][kind];
    if (reason !== undefined) return `${kind}: ${reason}`;
  }
  return null;
}

/**
 * Why a plan cannot be carried out with this cell and proxy, or `null` where it can.
 */
export function whyUnsupported(demand: Demand, cell: CellKind, proxy: ProxyKind): string | null {
  const lacking = whyNotIn(cell, demand);
  if (lacking !== null) return lacking;
  if (proxy === 'wire') return null;
  const { workload, params } = demand;
  if (needsHalfClose(demand)) {
    return `real Toxiproxy ends both directions at the first end of stream, and ${workload} in ${params.framing} needs one of them to go on`;
  }
  for (const fault of demand.faults) {
    const reason = whyNotByToxiproxy(fault, workload);
    if (reason !== null) return `${fault.kind}: ${reason}`;
  }
  return null;
}

/** A server's heartbeats go on until it has heard of the client's end; closed over, they would make a reset of that end. */
function needsHalfClose({ workload, params }: Demand): boolean {
  const beats = workload === 'idle' && params.heartbeatMs > 0;
  return beats || ENDS_APART.has(workload) || params.framing === 'until-end';
}

function whyNotByToxiproxy(fault: PlannedFault, workload: Plan['workload']): string | null {
  if (choosesConnections(fault)) return 'it cannot choose connections';
  if (fault.kind === 'fin' && SENDS_ON.has(workload))
    return `it closes over what still comes in a ${workload}, and the kernel makes a reset of that (RFC 2525, 2.17)`;
  return TOXIPROXY_LIMITS[fault.kind](fault);
}

function choosesConnections(fault: PlannedFault): boolean {
  return 'connections' in fault && fault.connections !== undefined;
}
