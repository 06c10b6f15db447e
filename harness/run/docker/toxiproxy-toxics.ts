/**
 * What real Toxiproxy 2.12 needs to be told for a fault that the wire proxy has as one toxic: one table, measured.
 *
 * Owns the translation; which faults it can deliver at all stands in `plan`'s table of capabilities.
 */
import type { ToxicRequest } from '../proxy-control.ts';

/** Toxiproxy cannot deliver this, or not exactly. */
export class NotInToxiproxy extends Error {
  override readonly name = 'NotInToxiproxy';
  readonly code = 'not-in-toxiproxy';
}

const MICROSECONDS = 1000;

/** Toxics of the wire proxy alone, with no match in Toxiproxy. */
const LACKING: ReadonlySet<ToxicRequest['type']> = new Set(['coalesce', 'hold', 'stall', 'corrupt']);

/**
 * The toxics of Toxiproxy that together have the effect of one of the wire proxy's.
 *
 * @throws {NotInToxiproxy}
 */
export function toxiproxyToxics(wire: ToxicRequest): ToxicRequest[] {
  if (wire.attributes.connections !== undefined) throw new NotInToxiproxy('it cannot choose connections');
  if (LACKING.has(wire.type)) throw new NotInToxiproxy(`it has nothing like ${wire.type}`);
  const { name, stream } = wire;
  const common = { name, stream, toxicity: 1 } as const;
  if (wire.type === 'fragment') {
    const { every, gap = 0 } = wire.attributes;
    if (every === undefined) throw new NotInToxiproxy('its slicer cannot cut at chosen offsets');
    const attributes = { average_size: every, size_variation: 0, delay: gap * MICROSECONDS };
    return [{ ...common, type: 'slicer', attributes }];
  }
  if (wire.type === 'reset') {
    // Armed before connect, at toxicity 0, `reset_peer` only sets SO_LINGER 0: the end that `limit_data` makes is then a reset.
    const linger = { ...common, name: `${name}-linger`, toxicity: 0 };
    return [
      { ...linger, type: 'reset_peer', attributes: { timeout: 0 } },
      { ...common, type: 'limit_data', attributes: { bytes: wire.attributes.bytes } },
    ];
  }
  if (wire.type === 'fin') return [{ ...common, type: 'limit_data', attributes: { bytes: wire.attributes.bytes } }];
  if (wire.type === 'swallow') {
    if (wire.attributes.bytes > 0) throw new NotInToxiproxy('its timeout toxic cannot begin at a chosen byte');
    return [{ ...common, type: 'timeout', attributes: { timeout: 0 } }];
  }
  return [wire];
}
