/**
 * `wire.jsonl`: what the proxy did with each connection, one event a line.
 *
 * Owns the schema. `atMs` is the proxy's monotonic clock brought to the attempt's zero. Offsets count from the start
 * of the connection, per direction: of `read` and `fin-read` in what the sender sent, of the rest in what the receiver got.
 */
import * as v from 'valibot';

import { DIRECTIONS } from '../scenario/fault.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const common = { seq: count, atMs: v.number() };
const conn = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const direction = v.picklist(DIRECTIONS);

const onConnection = <Kind extends string, Entries extends v.ObjectEntries>(kind: Kind, entries: Entries) =>
  v.object({ kind: v.literal(kind), ...common, conn, ...entries });

export const wireEventSchema = v.variant('kind', [
  v.object({ kind: v.literal('listening'), ...common }),
  v.object({ kind: v.literal('stopped'), ...common }),
  /** Events were lost to a slow reader of the stream. */
  v.object({ kind: v.literal('dropped'), ...common, count }),
  onConnection('accepted', { clientPort: count }),
  onConnection('dialed', { localPort: count }),
  onConnection('dial-failed', { code: v.string(), message: v.optional(v.string(), '') }),
  onConnection('read', { direction, offset: count, bytes: count }),
  onConnection('wrote', { direction, offset: count, bytes: count }),
  onConnection('fin-read', { direction, offset: count }),
  onConnection('fin-wrote', { direction, offset: count }),
  onConnection('rst-read', { direction, offset: count }),
  onConnection('rst-wrote', { direction, offset: count }),
  onConnection('effect', {
    /** The toxic's name, which is the fault's id in the plan. */
    toxic: v.string(),
    type: v.string(),
    direction,
    effect: v.string(),
    offset: count,
    bytes: v.optional(count),
    delayMs: v.optional(v.number()),
    detail: v.optional(v.string()),
  }),
  onConnection('closed', {}),
]);
export type WireEvent = v.InferOutput<typeof wireEventSchema>;
export type WireEventOf<Kind extends WireEvent['kind']> = Extract<WireEvent, { kind: Kind }>;

const NO_DELIVERY: ReadonlySet<string> = new Set(['released', 'lifted', 'missed']);

/** Whether an effect comes of lifting a fault, or says that it found no place: it proves neither that the fault was delivered nor when. */
export function provesNothing({ effect }: WireEventOf<'effect'>): boolean {
  return NO_DELIVERY.has(effect);
}
