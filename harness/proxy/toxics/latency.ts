/**
 * `latency`: everything arrives later, in order.
 *
 * The delay is `latency` ± `jitter`, drawn for the offset of the piece; what an earlier toxic was late by is made up
 * for, so several latencies add up exactly. An end is delayed as the bytes are.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

/** A full second of delay at 64 MB/s; Toxiproxy queues 1024 chunks of 32 KiB. */
const WINDOW_BYTES = 64 * 1024 * 1024;

export const latency = toxicKind({
  type: 'latency',
  struct: 'LatencyToxic',
  fields: { latency: integer(), jitter: integer() },
  windowBytes: () => WINDOW_BYTES,
  start:
    ({ attributes, draw }) =>
    ({ head, offset, previousMs }) => {
      if (head === undefined) return undefined;
      const { latency: meanMs, jitter } = attributes();
      const delayMs = Math.max(0, jitter === 0 ? meanMs : meanMs + (2 * draw(offset) - 1) * jitter);
      const bytes = head.kind === 'bytes' ? head.bytes.byteLength : 0;
      return { do: 'pass', bytes, atMs: Math.max(previousMs, head.atMs + delayMs), effect: 'delayed', holding: 'held' };
    },
});
