/**
 * Messages lost and doubled, fault by fault.
 *
 * A message counts for a fault that touched a connection it was on before the fault was lifted. Where several did, the
 * one that acts on its direction is meant; what is still not told apart counts for none and is said.
 */
import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { messagesOf } from './messages.ts';
import type { Message, Passage } from './messages.ts';
import { touchesOf } from './touches.ts';
import type { Touch } from './touches.ts';

/** What one fault, or no fault, did to the messages. */
export interface FaultLosses {
  /** By sender. */
  readonly lost: Readonly<Record<Role, number>>;
  readonly doubled: Readonly<Record<Role, number>>;
  /** Lost or doubled, and the evidence does not tell whether by this fault. */
  readonly untold: { readonly lost: number; readonly doubled: number };
}

/** They change when bytes come, not which. */
const HARMLESS: ReadonlySet<string> = new Set(['latency', 'fragment', 'coalesce', 'bandwidth', 'rate']);

class Count {
  readonly lost: Record<Role, number> = { client: 0, server: 0 };
  readonly doubled: Record<Role, number> = { client: 0, server: 0 };
  readonly untold = { lost: 0, doubled: 0 };
}

/** The losses of each delivered fault, by its id. */
export function faultLossesOf(evidence: Evidence): ReadonlyMap<string, FaultLosses> {
  const touches = touchesOf(evidence);
  const counts = new Map(touches.map(({ fault }) => [fault, new Count()]));
  const blame = (what: 'lost' | 'doubled', message: Message, passages: readonly Passage[], times: number): void => {
    const { by, maybe } = suspectsOf(touches, message.sender, passages);
    const guilty = by === null ? undefined : counts.get(by.fault);
    if (guilty !== undefined) guilty[what][message.sender] += times;
    for (const { fault } of maybe) {
      const count = counts.get(fault);
      if (count !== undefined) count.untold[what] += times;
    }
  };
  for (const message of ROLES.flatMap((sender) => messagesOf(evidence, sender))) {
    const { sent, received } = message;
    if (received.length === 0) blame('lost', message, sent, 1);
    // Whoever sent again did so for what happened to an earlier attempt.
    else if (received.length > 1)
      blame('doubled', message, sent.length > 1 ? sent.slice(0, -1) : sent, received.length - 1);
  }
  return counts;
}

/** The one fault that it was, or the several that it may have been. */
function suspectsOf(
  touches: readonly Touch[],
  sender: Role,
  passages: readonly Passage[],
): { readonly by: Touch | null; readonly maybe: readonly Touch[] } {
  const seen = touches.map((touch) => ({ touch, touched: touchedAny(touch, passages) }));
  const sure = seen.filter(({ touched }) => touched === true).map(({ touch }) => touch);
  const unsure = seen.filter(({ touched }) => touched === null).map(({ touch }) => touch);
  const harmful = preferred([...sure, ...unsure], ({ kind }) => !HARMLESS.has(kind));
  const left = preferred(harmful, (touch) => touch.sender === null || touch.sender === sender);
  const [only, ...others] = left;
  if (only !== undefined && others.length === 0 && sure.includes(only)) return { by: only, maybe: [] };
  return { by: null, maybe: left };
}

/** Those that it is true of; all, where it is true of none. */
function preferred(touches: readonly Touch[], is: (touch: Touch) => boolean): readonly Touch[] {
  const found = touches.filter(is);
  return found.length === 0 ? touches : found;
}

/** Null where the evidence does not tell. */
function touchedAny({ touched, toMs }: Touch, passages: readonly Passage[]): boolean | null {
  const answers = passages.filter(({ atMs }) => atMs < toMs).map(({ role, conn }) => touched(role, conn));
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}
