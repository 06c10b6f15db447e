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

/** What became of what one role sent. */
export interface Losses {
  readonly sent: number;
  /** Whatever the other side took for a message, sent or not. */
  readonly received: number;
  readonly lost: number;
  readonly doubled: number;
}

interface Group {
  readonly sent: Passage[];
  readonly received: Passage[];
}

/** Every message that one role sent. */
export function messagesOf(evidence: Evidence, sender: Role): Message[] {
  return [...groupsOf(evidence, sender).values()].flatMap((group) => messagesIn(group, sender, sendsAgain(evidence)));
}

/** Counts, for the messages one role sent, what became of them at the other. */
export function lossesOf(evidence: Evidence, sender: Role): Losses {
  const groups = [...groupsOf(evidence, sender).values()];
  const messages = groups.flatMap((group) => messagesIn(group, sender, sendsAgain(evidence)));
  return {
    sent: messages.length,
    received: groups.reduce((sum, { received }) => sum + received.length, 0),
    lost: messages.filter(({ received }) => received.length === 0).length,
    doubled: messages.reduce((sum, { received }) => sum + Math.max(0, received.length - 1), 0),
  };
}

/** Of equal messages, as of zeros, one digest says which it is no better than the other: they are told by their order. */
function sendsAgain({ plan }: Evidence): boolean {
  return plan.workload === 'reconnect' && plan.params.content !== 'zeros';
}

function groupsOf(evidence: Evidence, sender: Role): Map<string, Group> {
  const join = joinedConnections(evidence);
  const groups = new Map<string, Group>();
  for (const role of ROLES) {
    for (const { event, atMs } of alignEvents(evidence.records, role).events) {
      const isOfSender = role === sender;
      if (event.event !== (isOfSender ? 'sending' : 'received')) continue;
      const conn = sendsAgain(evidence) || !join.complete ? '' : (join.name(role, event.conn) ?? '');
      const key = `${conn} ${event.sha256}`;
      const group = groups.get(key) ?? { sent: [], received: [] };
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
