/**
 * The faults a scenario can ask for, as plain values: kind, direction, place in the stream, duration.
 *
 * Owns the words. Turning places into byte offsets belongs to `plan`; making a fault happen belongs to `run`.
 */
import * as v from 'valibot';

import { ROLES } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import { recutSchema } from './recut.ts';
import { plannedScriptSchema, scriptSchema } from './script.ts';

/** `upstream` is client to server, `downstream` the reverse, as Toxiproxy says. */
export const DIRECTIONS = ['upstream', 'downstream'] as const;
export type Direction = (typeof DIRECTIONS)[number];

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const durationMs = v.pipe(v.number(), v.minValue(0), v.maxValue(600_000));

/**
 * A place in one direction's stream, in the words of the workload: `byte` of message `message` (both from 0, the
 * header's first byte being 0), or somewhere inside its header or payload, drawn from the seed.
 */
export const placeSchema = v.union([
  v.strictObject({ message: natural, byte: natural }),
  v.strictObject({ message: natural, inside: v.picklist(['header', 'payload']) }),
]);
export type Place = v.InferOutput<typeof placeSchema>;

/** When a fault is installed. Only `before-connect` together with a place is exact to the byte. */
export const triggerSchema = v.variant('on', [
  v.strictObject({ on: v.literal('before-connect') }),
  /** So long after the client's start. */
  v.strictObject({ on: v.literal('time'), afterMs: durationMs }),
  v.strictObject({
    on: v.literal('event'),
    role: v.picklist(ROLES),
    event: v.picklist([
      'listening',
      'connecting',
      'connected',
      'accepted',
      'sending',
      'sent',
      'received',
      'heard',
      'shutdown',
    ]),
    /** The how-many-th such event of that role, from 1. */
    nth: v.optional(positive, 1),
    /** So long after it. */
    afterMs: v.optional(durationMs, 0),
  }),
]);
export type Trigger = v.InferOutput<typeof triggerSchema>;

/** What ICMP can say of where a segment was to go (RFC 792; RFC 1812, 5.2.7.1), in the packet filter's words. */
export const ICMP_ERRORS = [
  'net-unreachable',
  'host-unreachable',
  'prot-unreachable',
  'port-unreachable',
  'admin-prohibited',
] as const;
export type IcmpError = (typeof ICMP_ERRORS)[number];

const BEFORE_CONNECT = { on: 'before-connect' } as const;

/**
 * The faults, over any way to name one and its place: a scenario says `Place`, a plan says an id and a byte offset.
 *
 * @param at schema of a place in a stream
 * @param direction schema of a direction; a scenario may also say `both`
 * @param identity what else every fault carries
 */
const faultSchemaOver = <
  At extends v.GenericSchema<unknown, unknown>,
  Way extends v.GenericSchema<unknown, unknown>,
  Identity extends v.ObjectEntries,
>(
  at: At,
  direction: Way,
  identity: Identity,
) => {
  const timing = {
    ...identity,
    when: v.optional(triggerSchema, BEFORE_CONNECT),
    /** Lifted this long after its first effect, as far as the proxy tells one; absent: stays until the run ends. */
    forMs: v.optional(durationMs),
  };
  /** Nothing takes it back. */
  const forGood = { ...timing, forMs: v.optional(v.never()) };
  const wire = {
    ...timing,
    direction,
    /** Numbers of the proxy's connections it applies to, from 1; absent: all. */
    connections: v.optional(v.pipe(v.array(positive), v.minLength(1))),
  };
  return v.variant('kind', [
    v.strictObject({
      kind: v.literal('latency'),
      ...wire,
      latencyMs: durationMs,
      jitterMs: v.optional(durationMs, 0),
    }),
    v.strictObject({
      kind: v.literal('fragment'),
      ...wire,
      /** Pieces of so many bytes, or … */
      every: v.optional(positive),
      /** … cuts at these places. */
      at: v.optional(v.array(at)),
      gapMs: durationMs,
    }),
    v.strictObject({ kind: v.literal('coalesce'), ...wire, bytes: positive, waitMs: durationMs }),
    v.strictObject({ kind: v.literal('reset'), ...wire, at }),
    v.strictObject({ kind: v.literal('fin'), ...wire, at }),
    v.strictObject({ kind: v.literal('hold'), ...wire, at }),
    v.strictObject({ kind: v.literal('swallow'), ...wire, at }),
    v.strictObject({ kind: v.literal('stall'), ...wire, at }),
    v.strictObject({
      kind: v.literal('corrupt'),
      ...wire,
      at,
      /** The bits that are flipped in that byte. */
      xor: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255)), 1),
    }),
    v.strictObject({
      kind: v.literal('bandwidth'),
      ...wire,
      /** Of 1000 bytes each, for each connection by itself. */
      kilobytesPerSecond: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
    }),
    v.strictObject({ kind: v.literal('refuse'), ...timing }),
    v.strictObject({ kind: v.literal('hang-connect'), ...timing }),
    /** Every segment by which the client would open a connection is answered by an ICMP error instead. */
    v.strictObject({ kind: v.literal('reject'), ...timing, icmp: v.picklist(ICMP_ERRORS) }),
    v.strictObject({ kind: v.literal('freeze'), ...timing, role: v.picklist(ROLES) }),
    v.strictObject({ kind: v.literal('kill'), ...forGood, role: v.picklist(ROLES) }),
    /** Told to end as an operator tells it, by the end of its input, whatever it is at. */
    v.strictObject({ kind: v.literal('stop'), ...forGood, role: v.picklist(ROLES) }),
    /** Not only the process: the container goes with all that is in it, and its address with it. */
    v.strictObject({ kind: v.literal('kill-container'), ...forGood, role: v.picklist(ROLES) }),
    /** The role's container loses its network, and gets it back under the same address: what is in flight is lost both ways. */
    v.strictObject({ kind: v.literal('cut'), ...timing, role: v.picklist(ROLES) }),
    /** The role's host goes without a word and, when this is lifted, is there again with the same address and an empty memory. */
    v.strictObject({ kind: v.literal('restart'), ...timing, role: v.picklist(ROLES) }),
    /** Packets of one direction are dropped where the role's container hands them to, or takes them from, its network. */
    v.strictObject({
      kind: v.literal('drop'),
      ...timing,
      role: v.picklist(ROLES),
      direction,
      /** One packet in so many: 1 is all of them. */
      oneIn: v.optional(v.pipe(positive, v.maxValue(1000)), 1),
    }),
    /** What the role's container sends leaves it no faster than this. */
    v.strictObject({
      kind: v.literal('rate'),
      ...timing,
      role: v.picklist(ROLES),
      /** Of 1000 bytes each, headers of packets included. */
      kilobytesPerSecond: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
    }),
    /** The role's kernel aborts its connections. */
    v.strictObject({
      kind: v.literal('kill-socket'),
      ...timing,
      role: v.picklist(ROLES),
      /** Whether the other end gets the reset; if not, it goes on believing in the connection. */
      peerTold: v.optional(v.boolean(), true),
    }),
  ]);
};

/** A fault in a scenario's words. */
export const faultSchema = v.variant('kind', [
  faultSchemaOver(placeSchema, v.picklist([...DIRECTIONS, 'both']), {}),
  scriptSchema,
  recutSchema,
]);
export type Fault = v.InferOutput<typeof faultSchema>;
export type FaultInput = v.InferInput<typeof faultSchema>;
/** Kinds of a plan's faults. */
export type FaultKind = PlannedFault['kind'];

/**
 * A place in the stream of a program whose messages nobody knows: a byte, or a part of all that its control run had in
 * that direction.
 */
export const plainPlaceSchema = v.union([
  v.strictObject({ byte: natural }),
  v.strictObject({ part: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
]);
export type PlainPlace = v.InferOutput<typeof plainPlaceSchema>;

/** Faults that leave a plain pair something to be judged by: whoever is killed does not come back by itself. */
const PLAIN_KINDS: ReadonlySet<string> = new Set([
  'latency',
  'fragment',
  'coalesce',
  'bandwidth',
  'reset',
  'fin',
  'hold',
  'swallow',
  'stall',
  'refuse',
  'hang-connect',
  'freeze',
]);

/** A fault for programs whose events nobody hears. */
export const plainFaultSchema = v.pipe(
  faultSchemaOver(plainPlaceSchema, v.picklist([...DIRECTIONS, 'both']), {}),
  v.check(({ kind }) => PLAIN_KINDS.has(kind), `takes one of ${[...PLAIN_KINDS].join(', ')}`),
  v.check(({ when }) => when.on !== 'event', 'a plain subject tells no event that a fault could wait for'),
);
export type PlainFault = v.InferOutput<typeof plainFaultSchema>;

/** A fault with an id, every place resolved to a byte offset in its direction's stream, and one direction only. */
export const plannedFaultSchema = v.variant('kind', [
  faultSchemaOver(natural, v.picklist(DIRECTIONS), { id: v.pipe(v.string(), v.regex(/^f\d+$/)) }),
  plannedScriptSchema,
]);
export type PlannedFault = v.InferOutput<typeof plannedFaultSchema>;

/** Kinds that no correct program can mistake for a broken peer: they change when bytes come, not which. */
export const HARMLESS_KINDS: ReadonlySet<FaultKind> = new Set(['latency', 'fragment', 'coalesce', 'bandwidth', 'rate']);

/** Kinds that are done to a container's network or to its host, below TCP: only a cell of containers can deliver them. */
export const NETWORK_KINDS = [
  'cut',
  'restart',
  'drop',
  'reject',
  'rate',
  'kill-socket',
] as const satisfies readonly FaultKind[];
export type NetworkKind = (typeof NETWORK_KINDS)[number];
export type NetworkFault = Extract<PlannedFault, { kind: NetworkKind }>;

const networkKinds: ReadonlySet<string> = new Set(NETWORK_KINDS);

/** Whether the fault is one of a container's network. */
export function isNetworkFault(fault: PlannedFault): fault is NetworkFault {
  return networkKinds.has(fault.kind);
}

/** Faults below TCP: those of a container's network, and a connect that nobody answers. */
export type PacketFault = NetworkFault | Extract<PlannedFault, { kind: 'hang-connect' }>;

/** Whether a cell delivers the fault where packets pass. */
export function isPacketFault(fault: PlannedFault): fault is PacketFault {
  return isNetworkFault(fault) || fault.kind === 'hang-connect';
}

export type ScriptFault = Extract<PlannedFault, { kind: 'script' }>;

/** The role that the scripted peer plays, or `null` where both are played by subjects. */
export function scriptedRole(faults: readonly (Fault | PlannedFault)[]): Role | null {
  return faults.find((fault) => fault.kind === 'script')?.role ?? null;
}
