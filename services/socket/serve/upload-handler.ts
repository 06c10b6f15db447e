/**
 * For tests: a handler that answers the whole stream with its SHA-256, once the peer has ended it.
 */
import { createHash } from 'node:crypto';
import type { Handler } from './session.ts';

/** The digest of all that came, at its end. */
export const handler: Handler = () => {
  const hash = createHash('sha256');
  return {
    receive: (bytes) => {
      hash.update(bytes);
      return new Uint8Array(0);
    },
    end: () => Buffer.from(hash.digest('hex'), 'ascii'),
  };
};
