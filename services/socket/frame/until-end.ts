/**
 * One message a stream: everything up to the peer's end.
 *
 * The framing cannot know whether a stream ended early. (HOWTO, "Using a Socket": "or end by shutting down the
 * connection"; "Disconnecting" for the exchange that uses it.)
 */
import { checkLimit, FrameError, type Decoder, type Ending } from './decoder.ts';
import { UnreadBytes } from './unread-bytes.ts';

/** Decodes the one message that a stream is. */
export class UntilEndDecoder implements Decoder {
  readonly #maxBytes: number;
  readonly #unread = new UnreadBytes();
  #ended = false;

  /** `maxBytes` is the longest stream that is accepted. */
  constructor(maxBytes: number) {
    checkLimit(maxBytes);
    this.#maxBytes = maxBytes;
  }

  get pendingBytes(): number {
    return this.#unread.length;
  }

  push(chunk: Uint8Array): void {
    this.#unread.push(chunk);
  }

  next(): Uint8Array | 'need-more' {
    const { length } = this.#unread;
    if (length > this.#maxBytes) {
      const what = `the message grew to ${length} bytes: at most ${this.#maxBytes} are accepted`;
      throw new FrameError('remote', 'too-large', what);
    }
    if (!this.#ended || length === 0) return 'need-more';
    return this.#unread.take(length);
  }

  /** Always clean. An empty stream is no message. */
  end(): Ending {
    this.#ended = true;
    return { kind: 'clean' };
  }
}
