/**
 * Noticing a peer that is gone without a word: the watch that a protocol of its own needs.
 *
 * Owns two clocks that do not know each other: one sends, one counts the silence. What a heartbeat looks like is the
 * protocol's business. (HOWTO, "When Sockets Die": otherwise the socket "is likely to hang".)
 */
import { checkMs, checkOptions, demand } from './arguments.ts';
import { Deadline } from './deadline.ts';
import { SocketError } from './socket-error.ts';

/** What a watch needs to know of its protocol. */
export interface HeartbeatOptions {
  /**
   * Sends one heartbeat. A call that is still waiting is not repeated; it may wait as long as it likes. One that fails as
   * `busy` is left out: this side is sending something else, which is a sign of life as good.
   */
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
  readonly #due = new Deadline();
  readonly #unwatchSilence: () => void;
  #unwatchDue = (): void => {};
  #sending = false;
  #over = false;

  constructor(options: HeartbeatOptions) {
    checkOptions('heartbeat', options);
    const { send, intervalMs, deadPeerMs } = options;
    demand(typeof send === 'function', 'heartbeat', 'it needs to know how to send');
    checkMs('heartbeat', 'the interval', intervalMs);
    checkMs('heartbeat', 'the limit', deadPeerMs);
    demand(intervalMs > 0 && deadPeerMs > 0, 'heartbeat', 'it needs an interval and a limit above 0 ms');
    this.#options = options;
    this.heard();
    this.#unwatchSilence = this.#silence.watch(() => this.#declareDead());
    this.#awaitBeat();
  }

  /** Fires when the peer is taken for dead, with that error as its reason. */
  get signal(): AbortSignal {
    return this.#dead.signal;
  }

  /** Something was received: the silence begins anew. */
  heard(): void {
    this.#silence.start(this.#options.deadPeerMs);
  }

  /** Ends the watch: `signal` does not fire any more, whatever becomes of a heartbeat under way. */
  [Symbol.dispose](): void {
    this.#over = true;
    this.#unwatchDue();
    this.#unwatchSilence();
  }

  /** By a deadline and not by an interval of Node's, which takes a time above 2^31 ms for none at all. */
  #awaitBeat(): void {
    this.#due.start(this.#options.intervalMs);
    this.#unwatchDue = this.#due.watch(() => {
      this.#awaitBeat();
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      await this.#options.send();
    } catch (error) {
      if (this.#over || (error instanceof SocketError && error.code === 'busy')) return;
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
