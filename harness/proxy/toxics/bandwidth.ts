/**
 * `bandwidth`: at most `rate` kilobytes (1000 bytes) a second, for each connection by itself.
 *
 * Bytes go in slices of 10 ms, each when its last byte would have come over such a line. What one slice was late by the
 * next makes up for. Rate 0 stalls without loss: nothing is read until the rate changes or the toxic is taken away. What
 * waited at one rate has not used the line at another: a new rate counts from when it was set.
 */
import { integer } from './attributes.ts';
import { LEAST_WINDOW_BYTES, toxicKind } from './kind.ts';

const SLICE_MS = 10;

/** A wake-up that is late by this much must still find enough bytes to make up for it. */
const WINDOW_MS = 100;

/** A kilobyte a second is a byte a millisecond. */
export const bandwidth = toxicKind({
  type: 'bandwidth',
  struct: 'BandwidthToxic',
  fields: { rate: integer() },
  windowBytes: ({ rate }) => Math.min(64 * 1024 * 1024, Math.max(LEAST_WINDOW_BYTES, rate * WINDOW_MS)),
  start: ({ attributes, startedMs }) => {
    let { rate: rateBefore } = attributes();
    let sinceMs = startedMs;
    return ({ head, previousMs, nowMs }) => {
      const { rate } = attributes();
      if (rate !== rateBefore) {
        rateBefore = rate;
        sinceMs = nowMs;
      }
      if (rate === 0) return { do: 'keep', stop: true, effect: 'stalled' };
      if (head === undefined) return undefined;
      if (head.kind !== 'bytes') return { do: 'pass', bytes: 0, atMs: Math.max(head.atMs, previousMs) };
      const bytes = Math.min(head.bytes.byteLength, rate * SLICE_MS);
      return { do: 'pass', bytes, atMs: Math.max(head.atMs, previousMs, sinceMs) + bytes / rate, effect: 'throttled' };
    };
  },
});
