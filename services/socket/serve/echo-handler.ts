/**
 * For tests: a handler that answers each `prefix32` message with its complement. A thread loads it by this file's name.
 */
import { encodePrefix32, prefix32Decoder } from '../frame/prefix32.ts';
import type { Handler } from './session.ts';

/** Each message, complemented. */
export const handler: Handler = () => {
  const decoder = prefix32Decoder(1_048_576);
  return {
    receive: (bytes) => {
      decoder.push(bytes);
      const echoes: Uint8Array[] = [];
      for (let message = decoder.next(); message !== 'need-more'; message = decoder.next()) {
        echoes.push(encodePrefix32(message.map((byte) => byte ^ 0xff)));
      }
      return Buffer.concat(echoes);
    },
    end: () => new Uint8Array(0),
  };
};
