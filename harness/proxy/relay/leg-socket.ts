/**
 * A `net.Socket` that a failed write leaves readable.
 *
 * Node destroys a socket at its first failed write, and with it what the kernel had received before the connection broke.
 */
import { Socket, type SocketConstructorOpts } from 'node:net';

type Done = (error?: Error | null) => void;

export class LegSocket extends Socket {
  readonly #failed: (error: Error) => void;

  /** @param failed called with the error of a write or of a FIN, of which the stream is not told */
  constructor(options: SocketConstructorOpts, failed: (error: Error) => void) {
    super(options);
    this.#failed = failed;
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: Done): void {
    super._write(chunk, encoding, this.#keepOpen(done));
  }

  override _final(done: Done): void {
    super._final(this.#keepOpen(done));
  }

  #keepOpen(done: Done): Done {
    return (error) => {
      if (error && !this.destroyed) {
        this.#failed(error);
        done();
      } else done(error);
    };
  }
}
