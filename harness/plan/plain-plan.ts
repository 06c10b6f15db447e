/**
 * Plain scenario, subjects and what their control run came to in, concrete plan out.
 *
 * Owns the resolution of places by what the control run measured: nobody knows a plain program's messages, but a part of
 * all that it sent is a place as exact as any.
 */
import type { PlainClient } from '../contract/plain-subject.ts';
import type { PlainEvidence } from '../evidence/evidence.ts';
import type { Least, PlainPlan, PlanFrame } from '../evidence/plan.ts';
import type { RecordOf } from '../evidence/record.ts';
import { trafficIn } from '../evidence/traffic.ts';
import type { Traffic } from '../evidence/traffic.ts';
import type { Direction, PlainFault, PlainPlace, PlannedFault } from '../scenario/fault.ts';
import { DIRECTIONS } from '../scenario/fault.ts';
import type { PlainScenario } from '../scenario/plain.ts';

/** What a pair did without faults. */
export interface Measured {
  /** Where it is recorded, relative to the run's folder. */
  readonly evidence: string;
  readonly output: Pick<RecordOf<'output'>, 'bytes' | 'sha256'>;
  /** Bytes that the proxy handed on, on the client's first connection. */
  readonly bytes: Readonly<Record<Direction, number>>;
  /** Pieces in which they came to the proxy. */
  readonly pieces: Readonly<Record<Direction, number>>;
  /** The least that one of its runs came to. */
  readonly least: Least;
}

/** Where and with whom a plain scenario is to run. */
export type PlainPlacement = Pick<PlanFrame, 'cell' | 'proxy' | 'server' | 'client' | 'seed'>;

/** A plain plan has no start, settle or grace of its own: each server states what it needs. */
const NO_LIMIT_MS = 0;

/** A fault lies where the pair never comes. */
export class NothingThere extends Error {
  override readonly name = 'NothingThere';
  readonly code = 'nothing-there';
}

/** What a control run came to; `null` where it is no measure: it printed nothing that was recorded. */
export function measure(control: PlainEvidence, folder: string): Measured | null {
  const output = control.records.find((record) => record.kind === 'output');
  if (output === undefined) return null;
  return {
    evidence: folder,
    output: { bytes: output.bytes, sha256: output.sha256 },
    bytes: { upstream: passed(control, 'upstream'), downstream: passed(control, 'downstream') },
    pieces: { upstream: pieces(control, 'upstream'), downstream: pieces(control, 'downstream') },
    least: leastOf(control),
  };
}

function leastOf({ records, wire }: PlainEvidence): Least {
  const starts = records.flatMap((record, index) => (record.kind === 'round' ? [index] : []));
  const runs = starts.flatMap((start, number): Traffic[] => {
    const own = records.slice(start, starts[number + 1]);
    const exited = own.find((record) => record.kind === 'exited' && record.role === 'client');
    return exited === undefined ? [] : [trafficIn(wire, own[0]?.atMs ?? 0, exited.atMs)];
  });
  const leastBy = (count: (run: Traffic) => number): number => (runs.length === 0 ? 0 : Math.min(...runs.map(count)));
  return {
    connections: leastBy(({ connections }) => connections),
    upstreamBytes: leastBy(({ bytes }) => bytes.upstream),
    downstreamBytes: runs.some(({ clientReset }) => clientReset) ? null : leastBy(({ bytes }) => bytes.downstream),
  };
}

function firstConnection({ wire }: PlainEvidence): number {
  return Math.min(...wire.flatMap((event) => (event.kind === 'accepted' ? [event.conn] : [])));
}

function pieces(control: PlainEvidence, direction: Direction): number {
  const first = firstConnection(control);
  return control.wire.filter((event) => event.kind === 'read' && event.conn === first && event.direction === direction)
    .length;
}

function passed(control: PlainEvidence, direction: Direction): number {
  const { wire } = control;
  const first = firstConnection(control);
  const ends = wire.flatMap((event) =>
    event.kind === 'wrote' && event.conn === first && event.direction === direction ? [event.offset + event.bytes] : [],
  );
  return Math.max(0, ...ends);
}

/** The plan of the run without faults. */
export function makeControlPlan(
  id: string,
  scenario: PlainScenario,
  client: PlainClient,
  placement: PlainPlacement,
): PlainPlan {
  return makePlan(id, scenario, client, placement, {
    variant: 'control',
    faults: [],
    scenarioFaults: [],
    control: null,
  });
}

/**
 * The plan of the run under the faults.
 *
 * @throws {NothingThere} where a place lies in a direction in which the control run handed on too few bytes
 */
export function makeFaultPlan(
  id: string,
  scenario: PlainScenario,
  client: PlainClient,
  placement: PlainPlacement,
  measured: Measured,
): PlainPlan {
  const { evidence, output, least } = measured;
  return makePlan(id, scenario, client, placement, {
    variant: 'fault',
    ...resolveAll(scenario.faults, measured),
    control: { evidence, output, least },
  });
}

type Variant = Pick<PlainPlan, 'variant' | 'faults' | 'scenarioFaults'> & Pick<PlainPlan['plain'], 'control'>;

function makePlan(
  id: string,
  scenario: PlainScenario,
  client: PlainClient,
  placement: PlainPlacement,
  { control, ...variant }: Variant,
): PlainPlan {
  return {
    schema: 1,
    scenario: id,
    claim: scenario.claim,
    source: scenario.source,
    ...placement,
    ...variant,
    limits: { startMs: NO_LIMIT_MS, exchangeMs: client.withinMs, settleMs: NO_LIMIT_MS, graceMs: NO_LIMIT_MS },
    waitsMs: Math.max(0, ...variant.faults.map(waitMs)),
    plain: {
      client: {
        expect: scenario.client,
        succeedsWith: client.succeedsWith,
        failsWith: client.failsWith ?? null,
        output: client.output,
        answer: client.answer,
      },
      control,
    },
  };
}

/** What a fault is sure to take, whatever the programs do. */
function waitMs(fault: PlannedFault): number {
  if (fault.kind === 'latency') return Math.max(0, fault.latencyMs - fault.jitterMs);
  return fault.kind === 'fragment' ? (fault.at?.length ?? 0) * fault.gapMs : 0;
}

function resolveAll(faults: readonly PlainFault[], measured: Measured): Pick<PlainPlan, 'faults' | 'scenarioFaults'> {
  const planned: PlannedFault[] = [];
  const scenarioFaults = faults.map((fault) => {
    const directions = 'direction' in fault ? directionsOf(fault.direction) : (['upstream'] as const);
    return directions.map((direction) => {
      const id = `f${planned.length + 1}`;
      if (fault.kind === 'coalesce') demandPieces(direction, measured);
      planned.push(resolve(fault, direction, id, (place) => offsetOf(place, direction, measured)));
      return id;
    });
  });
  return { faults: planned, scenarioFaults };
}

function directionsOf(direction: Direction | 'both'): readonly Direction[] {
  return direction === 'both' ? DIRECTIONS : [direction];
}

function resolve(
  fault: PlainFault,
  direction: Direction,
  id: string,
  offset: (place: PlainPlace) => number,
): PlannedFault {
  if (fault.kind === 'fragment') {
    const { at, ...rest } = fault;
    if (at === undefined) return { ...rest, id, direction };
    return { ...rest, id, direction, at: [...new Set(at.map(offset))].sort((a, b) => a - b) };
  }
  if ('at' in fault) return { ...fault, id, direction, at: offset(fault.at) };
  if ('direction' in fault) return { ...fault, id, direction };
  return { ...fault, id };
}

/** What comes in one piece cannot be joined. */
function demandPieces(direction: Direction, measured: Measured): void {
  if (measured.pieces[direction] < 2)
    throw new NothingThere(`there is nothing to join ${direction}: without faults it came in one piece`);
}

/** A place inside the stream has a byte before it and one behind it. */
function offsetOf(place: PlainPlace, direction: Direction, { bytes }: Measured): number {
  const all = bytes[direction];
  const at = 'byte' in place ? place.byte : Math.round(place.part * all);
  const first = 'part' in place && place.part > 0 ? 1 : 0;
  if (all < 2 || at >= all) {
    throw new NothingThere(`byte ${at} ${direction} is asked for, and without faults the pair sent ${all} there`);
  }
  return Math.max(first, at);
}
