/**
 * Noticing a peer that is gone without a word: the watch that a protocol of its own needs.
 *
 * Owns two clocks that do not know each other: one sends, one counts the silence. What a heartbeat looks like is the
 * protocol's business. (HOWTO, "When Sockets Die": otherwise the socket "is likely to hang".)
 */
import { Deadline } from './deadline.ts';
import { SocketError } from './socket-error.ts';

/** What a watch needs to know of its protocol. */
export interface HeartbeatOptions {
  /** Sends one heartbeat. A call that is still waiting is not repeated; it may wait as long as it likes. */
  readonly send: () => Promise<void>;
  /** Time between heartbeats, the first after one interval. */
  readonly intervalMs: number;
  /** The peer counts as dead when nothing was heard of it for so long. */
  readonly deadPeerMs: number;
}

/**
 * Sends heartbeats and fires `signal` when the peer has been silent for `deadPeerMs`, not earlier.
 *
 * Hand `signal` to every call on the connection: each then fails with the code `dead-peer`. Call `heard` for every byte
 * that arrives. What this side sends is no sign of the peer's life, and a heartbeat that is stuck in a full connection
 * does not hold up the watch.
 */
export class Heartbeat implements Disposable {
  readonly #options: HeartbeatOptions;
  readonly #silence = new Deadline('dead-peer');
  readonly #dead = new AbortController();
  readonly #beat: NodeJS.Timeout;
  readonly #unwatch: () => void;
  #sending = false;

  constructor(options: HeartbeatOptions) {
    if (!(options.intervalMs > 0) || !(options.deadPeerMs > 0)) {
      throw new SocketError('heartbeat', 'invalid', 'heartbeats need an interval and a limit above 0 ms');
    }
    this.#options = options;
    this.heard();
    this.#unwatch = this.#silence.watch(() => this.#declareDead());
    this.#beat = setInterval(() => void this.#send(), options.intervalMs);
  }

  /** Fires when the peer is taken for dead, with that error as its reason. */
  get signal(): AbortSignal {
    return this.#dead.signal;
  }

  /** Something was received: the silence begins anew. */
  heard(): void {
    this.#silence.start(this.#options.deadPeerMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beat);
    this.#unwatch();
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      await this.#options.send();
    } catch (error) {
      // The connection tells its own users why; the watch has nothing more to ask.
      this.#dead.abort(error);
      this[Symbol.dispose]();
    } finally {
      this.#sending = false;
    }
  }

  #declareDead(): void {
    this[Symbol.dispose]();
    const what = `nothing was received for ${this.#options.deadPeerMs} ms`;
    this.#dead.abort(new SocketError('recv', 'dead-peer', what));
  }
}
