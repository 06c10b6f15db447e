/**
 * `reset_peer`: `timeout` ms after the toxic began to work both peers get a reset, the connection being busy or idle.
 *
 * Until then nothing passes in this direction. Taking it away before resets both at once if anything was lost: a stream
 * must not go on with a hole in it.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

export const resetPeer = toxicKind({
  type: 'reset_peer',
  struct: 'ResetToxic',
  fields: { timeout: integer() },
  onLift: ({ dropped }) => (dropped ? 'rst' : 'release'),
  start:
    ({ attributes, startedMs }) =>
    ({ head, cut }) => {
      if (head !== undefined) {
        return { do: 'drop', bytes: head.kind === 'bytes' ? head.bytes.byteLength : 0, effect: 'swallowed' };
      }
      return cut ? undefined : { do: 'end', end: 'rst', atMs: startedMs + attributes().timeout, effect: 'reset' };
    },
});
