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
import type { Touch, Touches, Touching } from './touches.ts';

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
export function faultLossesOf(evidence: Evidence, touches: Touches): ReadonlyMap<string, FaultLosses> {
  const counts = new Map(touches.all.map(({ fault }) => [fault, new Count()]));
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
  touches: Touches,
  sender: Role,
  passages: readonly Passage[],
): { readonly by: Touch | null; readonly maybe: readonly Touch[] } {
  const among = (kind: keyof Touching): Touch[] =>
    passages.flatMap(({ role, conn, atMs }) => touches.on(role, conn)[kind].filter(({ toMs }) => atMs < toMs));
  const surely = new Set(among('surely'));
  const all = [...surely.union(new Set(among('perhaps')))];
  const harmful = preferred(all, ({ kind }) => !HARMLESS.has(kind));
  const left = preferred(harmful, (touch) => touch.sender === null || touch.sender === sender);
  const [only, ...others] = left;
  if (only !== undefined && others.length === 0 && surely.has(only)) return { by: only, maybe: [] };
  return { by: null, maybe: left };
}

/** Those that it is true of; all, where it is true of none. */
function preferred(touches: readonly Touch[], is: (touch: Touch) => boolean): readonly Touch[] {
  const found = touches.filter(is);
  return found.length === 0 ? touches : found;
}
