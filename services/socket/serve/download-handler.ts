/**
 * For tests: a handler that answers each byte with 100,000 of its kind.
 */
import type { Handler } from './session.ts';

/** A hundred thousand bytes for each that comes. */
export const handler: Handler = () => ({
  receive: (bytes) => Buffer.concat([...bytes].map((byte) => new Uint8Array(100_000).fill(byte))),
  end: () => new Uint8Array(0),
});
