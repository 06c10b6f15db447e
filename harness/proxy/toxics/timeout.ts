/**
 * `timeout`: what comes is read and lost, and `timeout` ms after the toxic began to work the connection is closed.
 *
 * The moment does not move with traffic. With 0 the connection stays. Taking the toxic away closes it: bytes were due.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

export const timeout = toxicKind({
  type: 'timeout',
  struct: 'TimeoutToxic',
  fields: { timeout: integer() },
  onLift: () => 'close',
  start:
    ({ attributes, startedMs }) =>
    ({ head, cut }) => {
      if (head !== undefined) {
        return { do: 'drop', bytes: head.kind === 'bytes' ? head.bytes.byteLength : 0, effect: 'swallowed' };
      }
      const { timeout: afterMs } = attributes();
      if (cut || afterMs === 0) return undefined;
      return { do: 'end', end: 'close', atMs: startedMs + afterMs, effect: 'ended' };
    },
});
