/**
 * Turns a place in a scenario's words ("inside the header of message 2") into a byte offset of one direction's stream.
 *
 * Owns the arithmetic over the contract's framings; which draws are made comes from the seed alone.
 */
import { HEADER_BYTES, messageOffset, wireBytes } from '../contract/framing.ts';
import type { PayloadShape } from '../contract/payload.ts';
import { payloadBytes } from '../contract/payload.ts';
import type { Params } from '../contract/params.ts';
import type { Workload } from '../contract/words.ts';
import type { Direction, Place } from '../scenario/fault.ts';
import { draw } from './draw.ts';

/** The reply of `upload`: 64 hexadecimal digits up to the end of the stream. */
const UPLOAD_REPLY: PayloadShape = { content: 'text', framing: 'until-end', messageBytes: 64 };

/** Heartbeats are messages of no payload; `idle` has nothing else. */
const HEARTBEAT: PayloadShape = { content: 'bytes', framing: 'prefix32', messageBytes: 0 };

/** What the messages of one direction look like under a workload. */
export function shapeOf(workload: Workload, params: Params, direction: Direction): PayloadShape {
  if (workload === 'idle') return HEARTBEAT;
  if (workload !== 'upload') return params;
  return direction === 'upstream' ? { ...params, framing: 'until-end' } : UPLOAD_REPLY;
}

/** Bytes of one direction of one connection that goes well, heartbeats not counted. */
export function streamBytes(
  { workload, params }: { workload: Workload; params: Params },
  direction: Direction,
): number {
  const shape = shapeOf(workload, params, direction);
  if (workload === 'slow-reader' && direction === 'downstream') return 0;
  const isSingle = shape.framing === 'until-end' || (workload === 'download' && direction === 'upstream');
  return messageOffset(shape, isSingle ? 1 : params.messages);
}

/**
 * The byte offset of a place.
 *
 * @param label names the draw, for a place that leaves the byte to the seed
 * @throws {RangeError} where the place lies outside its message
 */
export function offsetOf(place: Place, shape: PayloadShape, seed: string, label: string): number {
  const start = messageOffset(shape, place.message);
  const length = wireBytes(shape, place.message);
  if ('byte' in place) {
    if (place.byte > length) {
      throw new RangeError(`byte ${place.byte} is not in message ${place.message}: it has ${length} bytes on the wire`);
    }
    return start + place.byte;
  }
  const header = HEADER_BYTES[shape.framing];
  // At least one byte of the part stands on each side of the cut, or it would not be inside.
  const size = place.inside === 'header' ? header : payloadBytes(shape, place.message);
  if (size < 2) throw new RangeError(`nothing lies inside a ${place.inside} of ${size} bytes`);
  return start + (place.inside === 'header' ? 0 : header) + 1 + draw(seed, label, size - 1);
}
