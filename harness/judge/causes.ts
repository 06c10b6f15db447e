/**
 * Which failures each kind of fault can cause, in whom, on which operation: the table of the invariant `classified`.
 *
 * Owns the table and its sources. Racy outcomes are sets: after a reset `reset` or `broken-pipe` on any operation, and
 * where a peer closes with unread data, a reset or an end (DESIGN, Verdicts).
 */
import { OPERATIONS } from '../contract/words.ts';
import type { FailureCode, Operation, Role } from '../contract/words.ts';
import type { IcmpError, PlannedFault } from '../scenario/fault.ts';
import { towards } from './wire-connection.ts';

/** The failures that something can cause, by the operation that reports them. */
export type Effects = Readonly<Partial<Record<Operation, readonly FailureCode[]>>>;

/** What a fault means to one role. `near`: it is done to what this role receives, or to its own process. */
interface Causes {
  readonly near: Effects;
  readonly far: Effects;
}

/** A reset is told once, to whichever call comes first; a connect may be told of one too (research: F10, F23). */
export const RESET: Effects = {
  connect: ['reset'],
  send: ['reset', 'broken-pipe'],
  recv: ['reset', 'broken-pipe'],
  shutdown: ['reset', 'broken-pipe'],
};

/** Nothing comes any more, or too late; a full window stops a sender as well (research: F42, F50). */
const SILENCE: Effects = { recv: ['timeout', 'dead-peer'], send: ['timeout', 'dead-peer'], shutdown: ['timeout'] };

/** The stream ends early: inside a message, between messages where one was due, or inside a reply that only an end ends. */
export const END: Effects = { recv: ['truncated', 'closed', 'mismatch'] };

/** The same where messages have an end of their own; who knows of it may refuse to write (research: F24). */
export const END_OF_FRAMED: Effects = { recv: ['truncated', 'closed'] };
export const WRITTEN_AFTER_END: Effects = { send: ['broken-pipe'], shutdown: ['broken-pipe'] };

/** A wrong payload is no reply, a wrong header no message; one that announces too many bytes is waited for (research: F56). */
const GARBLED: Effects = { recv: ['mismatch', 'malformed', 'too-large', 'truncated', 'timeout', 'dead-peer'] };

/**
 * A peer that gives up closes or resets, and what it had half sent is cut (research: F10, F20, F24). Real Toxiproxy makes
 * the same of a reset: its far side, and often its near one, sees an end (DESIGN, What real Toxiproxy does).
 */
export const PEER_GONE: Effects = merged(RESET, END);

/** A proxy whose upstream is gone accepts, then resets or ends (research: F60). */
const NOBODY_BEHIND_THE_PROXY: Effects = merged(PEER_GONE, { connect: ['refused', 'reset'] });

/** A peer that keeps no rule can bring about whatever a peer can; which of it is right is for the scenario to say. */
const ANYTHING: Effects = merged(PEER_GONE, SILENCE, GARBLED);
/** No packet gets through: besides silence, no way to the other side, or to the service of names (research: F04, F05). */
const UNPLUGGED: Effects = merged(SILENCE, {
  connect: ['timeout', 'unreachable', 'unresolved'],
  send: ['unreachable'],
  recv: ['unreachable'],
});

/** What the kernel makes of each (Linux, `icmp_err_convert`); a deadline may pass before it gives up. */
const TOLD_BY_ICMP: Readonly<Record<IcmpError, Effects>> = {
  'net-unreachable': { connect: ['unreachable', 'timeout'] },
  'host-unreachable': { connect: ['unreachable', 'timeout'] },
  'admin-prohibited': { connect: ['unreachable', 'timeout'] },
  'port-unreachable': { connect: ['refused', 'timeout'] },
  // ENOPROTOOPT, for which the contract has no code.
  'prot-unreachable': { connect: ['other', 'timeout'] },
};
const NO_WAY: Effects = merged(...Object.values(TOLD_BY_ICMP));

/** What was sent meanwhile comes after all, or meets a peer that has given up, or one that knows of no connection. */
const UNPLUGGED_AND_BACK: Effects = merged(UNPLUGGED, PEER_GONE);

/** Kinds of fault, what they cause. A kind that is added without a line here does not compile. */
export const CAUSES: Readonly<Record<PlannedFault['kind'], Causes>> = {
  // Harmless below every deadline; above one, that deadline fires.
  latency: { near: SILENCE, far: SILENCE },
  fragment: { near: SILENCE, far: SILENCE },
  coalesce: { near: SILENCE, far: SILENCE },
  bandwidth: { near: SILENCE, far: SILENCE },
  // RFC 9293, 3.5.2: a reset ends both directions; both legs are reset.
  reset: { near: RESET, far: RESET },
  // RFC 9293, 3.6: an end of one direction; the other goes on until its own side gives up.
  fin: { near: END, far: SILENCE },
  hold: { near: SILENCE, far: SILENCE },
  // A window that stays shut stops the sender too (research: F50).
  stall: { near: SILENCE, far: SILENCE },
  corrupt: { near: GARBLED, far: GARBLED },
  // Lifting a swallow resets both legs (DESIGN, Faults).
  swallow: { near: merged(SILENCE, RESET), far: merged(SILENCE, RESET) },
  // Proxies end their live connections when they are disabled.
  refuse: { near: NOBODY_BEHIND_THE_PROXY, far: NOBODY_BEHIND_THE_PROXY },
  // Nobody answers the opening segment: only the own deadline, or the kernel's after minutes, ends it (research: F02).
  'hang-connect': { near: { connect: ['timeout'] }, far: { connect: ['timeout'] } },
  // What ICMP says of an opening ends it, when the kernel has asked once more (research: F03; RFC 5461, 4.1).
  reject: { near: NO_WAY, far: NO_WAY },
  // A thawed process finds its deadlines passed; its peer waits for a kernel that still acknowledges (research: F42).
  freeze: { near: SILENCE, far: SILENCE },
  // The kernel closes for the dead: a clean end if nothing was unread, else a reset (research: F26).
  kill: { near: {}, far: NOBODY_BEHIND_THE_PROXY },
  // What is between messages is closed, what comes too late refused (CONTRACT, Input).
  stop: { near: {}, far: NOBODY_BEHIND_THE_PROXY },
  // With the container its address goes: who asks for it then is answered late, or not at all (research: F04).
  'kill-container': { near: {}, far: merged(NOBODY_BEHIND_THE_PROXY, SILENCE) },
  script: { near: {}, far: ANYTHING },
  cut: { near: UNPLUGGED_AND_BACK, far: UNPLUGGED_AND_BACK },
  // A host with an empty memory answers what belongs to an old connection with a reset (RFC 9293, 3.10.7.1).
  restart: { near: {}, far: UNPLUGGED_AND_BACK },
  drop: { near: UNPLUGGED_AND_BACK, far: UNPLUGGED_AND_BACK },
  rate: { near: SILENCE, far: SILENCE },
  // `ss --kill`: ECONNABORTED here; there a reset or, where that is dropped, silence until something is sent.
  'kill-socket': { near: RESET, far: merged(SILENCE, RESET) },
};

/** What a fault can cause in a role. */
export function effectsOn(role: Role, fault: PlannedFault): Effects {
  if (fault.kind === 'reject') return TOLD_BY_ICMP[fault.icmp];
  const { near, far } = CAUSES[fault.kind];
  if ('role' in fault) return fault.role === role ? near : far;
  if (fault.kind === 'refuse' || fault.kind === 'hang-connect') return near;
  return fault.direction === towards(role) ? near : far;
}

/** Whether the failure is among the effects. */
export function allows(effects: Effects, op: Operation, code: FailureCode): boolean {
  return effects[op]?.includes(code) ?? false;
}

/** Several causes at once. */
export function merged(...many: readonly Effects[]): Effects {
  const all: Partial<Record<Operation, readonly FailureCode[]>> = {};
  for (const op of OPERATIONS) {
    const codes = new Set(many.flatMap((effects) => effects[op] ?? []));
    if (codes.size > 0) all[op] = [...codes];
  }
  return all;
}
