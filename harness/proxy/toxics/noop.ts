/**
 * `noop`: a place in the stream where nothing happens, to measure what a toxic costs.
 */
import { toxicKind } from './kind.ts';

export const noop = toxicKind({
  type: 'noop',
  struct: 'NoopToxic',
  fields: {},
  start:
    () =>
    ({ head }) =>
      head && { do: 'pass', bytes: head.kind === 'bytes' ? head.bytes.byteLength : 0, atMs: head.atMs },
});
