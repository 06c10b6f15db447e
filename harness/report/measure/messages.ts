/**
 * The messages of an attempt: where and when each was handed over, and where and when it was received.
 *
 * Owns which of the two ends' events are about one message. Where a workload sends again on another connection, a
 * message is its digest; else it is that on its connection.
 */
import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import { alignEvents } from '../../evidence/clock.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { joinedConnections } from '../timeline/connections.ts';

/** One handing over of a message, or one receipt. */
export interface Passage {
  readonly role: Role;
  /** The role's own number of the connection. */
  readonly conn: number;
  readonly atMs: number;
}

export interface Message {
  readonly sender: Role;
  /** In order of time; more than one where it was sent again. */
  readonly sent: readonly Passage[];
  /** In order of time; none: it is lost. */
  readonly received: readonly Passage[];
}

/** What became of what one role sent: each message that was handed over is in one of `whole`, `wrong` and `missing`. */
export interface Losses {
  readonly sent: number;
  /** Received at least once, as they were sent. */
  readonly whole: number;
  /** Not received as they were sent, but something torn or foreign in their place. */
  readonly wrong: number;
  readonly missing: number;
  /** Received beyond these: again, or though nobody sent it. */
  readonly excess: number;
}

interface Group {
  /** Empty where messages are told by their digest alone. */
  readonly conn: string | number;
  readonly sent: Passage[];
  readonly received: Passage[];
}

/** Every message that one role sent. */
export function messagesOf(evidence: Evidence, sender: Role): Message[] {
  return [...groupsOf(evidence, sender).values()].flatMap((group) => messagesIn(group, sender, sendsAgain(evidence)));
}

/** Counts, for the messages one role sent, what became of them at the other. */
export function lossesOf(evidence: Evidence, sender: Role): Losses {
  const sums = { sent: 0, whole: 0, wrong: 0, missing: 0, excess: 0 };
  for (const groups of Map.groupBy(groupsOf(evidence, sender).values(), ({ conn }) => conn).values()) {
    const messages = groups.flatMap((group) => messagesIn(group, sender, sendsAgain(evidence)));
    const lost = messages.filter(({ received }) => received.length === 0).length;
    const odd = groups.reduce((sum, { sent, received }) => sum + (sent.length === 0 ? received.length : 0), 0);
    const again = messages.reduce((sum, { received }) => sum + Math.max(0, received.length - 1), 0);
    const wrong = Math.min(odd, lost);
    sums.sent += messages.length;
    sums.whole += messages.length - lost;
    sums.wrong += wrong;
    sums.missing += lost - wrong;
    sums.excess += again + odd - wrong;
  }
  return sums;
}

/** Of equal messages, as of zeros, one digest says which it is no better than the other: they are told by their order. */
function sendsAgain({ plan }: Evidence): boolean {
  return plan.workload === 'reconnect' && plan.params.content !== 'zeros';
}

/** Several tables of a page ask for the same. */
const known = new WeakMap<Evidence, Map<Role, Map<string, Group>>>();

function groupsOf(evidence: Evidence, sender: Role): Map<string, Group> {
  const bySender = known.get(evidence) ?? new Map<Role, Map<string, Group>>();
  const groups = bySender.get(sender) ?? grouped(evidence, sender);
  known.set(evidence, bySender.set(sender, groups));
  return groups;
}

function grouped(evidence: Evidence, sender: Role): Map<string, Group> {
  const join = joinedConnections(evidence);
  const groups = new Map<string, Group>();
  for (const role of ROLES) {
    for (const { event, atMs } of alignEvents(evidence.records, role).events) {
      const isOfSender = role === sender;
      if (event.event !== (isOfSender ? 'sending' : 'received')) continue;
      const conn = sendsAgain(evidence) || !join.complete ? '' : (join.name(role, event.conn) ?? '');
      const key = `${conn} ${event.sha256}`;
      const group = groups.get(key) ?? { conn, sent: [], received: [] };
      groups.set(key, group);
      (isOfSender ? group.sent : group.received).push({ role, conn: event.conn, atMs });
    }
  }
  return groups;
}

/** The n-th of equal messages was received as the n-th of them; what is left over doubles the last. */
function messagesIn({ sent, received }: Group, sender: Role, sentAgain: boolean): Message[] {
  if (sent.length === 0) return [];
  if (sentAgain) return [{ sender, sent, received }];
  return sent.map((passage, index) => ({
    sender,
    sent: [passage],
    received: received.slice(index, index === sent.length - 1 ? undefined : index + 1),
  }));
}
