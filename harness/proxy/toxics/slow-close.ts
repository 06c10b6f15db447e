/**
 * `slow_close`: bytes pass as they come, the end of this direction `delay` ms later. A reset is not delayed.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

export const slowClose = toxicKind({
  type: 'slow_close',
  struct: 'SlowCloseToxic',
  fields: { delay: integer() },
  start:
    ({ attributes }) =>
    ({ head }) => {
      if (head === undefined) return undefined;
      if (head.kind === 'bytes') return { do: 'pass', bytes: head.bytes.byteLength, atMs: head.atMs };
      if (head.kind === 'rst') return { do: 'pass', bytes: 0, atMs: head.atMs };
      return { do: 'pass', bytes: 0, atMs: head.atMs + attributes().delay, effect: 'delayed' };
    },
});
