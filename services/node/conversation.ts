/**
 * One connection of a subject: messages in and out, each told as an event, each under its deadline.
 *
 * Owns what every workload does alike. Which message is due when, and what an end means, is said in
 * `client-workloads.ts` and `server-workloads.ts`.
 */
import { Deadline } from '../socket/deadline.ts';
import type { Decoder } from '../socket/frame/decoder.ts';
import type { Socket } from '../socket/socket.ts';
import { SocketError } from '../socket/socket-error.ts';
import { emit } from './events.ts';
import { ConversationError } from './failure.ts';
import { HEARTBEAT, type Framing, type Message } from './framing.ts';
import type { Params } from './params.ts';
import { sha256 } from './payload.ts';
import type { Pieces } from './pieces.ts';
import type { Stops } from './stops.ts';

/** As much as one read of the kernel gives. */
const RECV_BYTES = 65_536;

/** What a conversation is made of. */
export interface Setting {
  readonly params: Params;
  readonly framing: Framing;
  readonly pieces: Pieces;
}

/**
 * When the deadline of a whole message runs: at a server from its first byte to its last, at a client from the moment
 * when it is due, which the workload says.
 */
type Counting = 'from-first-byte' | 'when-due';

export class Conversation {
  readonly params: Params;
  readonly #conn: number;
  readonly #socket: Socket;
  readonly #pieces: Pieces;
  readonly #framing: Framing;
  readonly #decoder: Decoder<Message | Uint8Array>;
  readonly #counting: Counting;
  readonly #due = new Deadline('timeout');
  readonly #silence = new Deadline('dead-peer');
  #watching: boolean;
  #received = 0;
  #ended = false;
  #endTold = false;

  constructor(conn: number, socket: Socket, setting: Setting, counting: Counting) {
    this.params = setting.params;
    this.#conn = conn;
    this.#socket = socket;
    this.#pieces = setting.pieces;
    this.#framing = setting.framing;
    this.#decoder = this.#framing.decoder();
    this.#counting = counting;
    this.#watching = counting === 'from-first-byte';
  }

  /** Something is due from the peer: its time runs from now, and its silence counts. */
  expect(ms: number = this.params.ioTimeoutMs): void {
    this.#pieces.timekeeping.begin(this.#due, ms);
    this.watch();
  }

  /** Only the peer's end is due, within `ms`: its silence does not count, unless it was watched all along. */
  expectEnd(ms: number): void {
    this.#pieces.timekeeping.begin(this.#due, ms);
  }

  /** From now on the peer's silence counts. */
  watch(): void {
    this.#watching = true;
    this.#pieces.watchSilence(this.#silence, this.params.deadPeerMs);
  }

  /** Nothing is due from the peer. */
  expectNothing(): void {
    this.#due.clear();
    this.#silence.clear();
    this.#watching = false;
  }

  /** Hands over one message and tells of it. */
  async send(message: Message, seq: number, { kill }: Stops): Promise<void> {
    const { payload } = message;
    const wire = this.#framing.encode(message);
    emit('sending', { conn: this.#conn, seq, bytes: payload.length, sha256: sha256(payload) });
    await this.#sendWire(wire, kill);
    emit('sent', { conn: this.#conn, seq });
  }

  async sendHeartbeat({ kill }: Stops): Promise<void> {
    await this.#sendWire(this.#framing.encode(HEARTBEAT), kill);
  }

  /** Ends the own writing. */
  async shutdown({ kill }: Stops): Promise<void> {
    const deadline = new Deadline();
    this.#pieces.timekeeping.begin(deadline, this.params.ioTimeoutMs);
    await this.#pieces.endWriting(this.#socket, { deadline, signal: kill });
    emit('shutdown', { conn: this.#conn });
  }

  /**
   * The next message, or the peer's end. Between messages `stop` ends the wait, inside of one only `kill`.
   *
   * @throws SocketError, FrameError; ConversationError `truncated`: the stream ended inside a message
   */
  async receive({ stop, kill }: Stops): Promise<Message | 'end'> {
    for (;;) {
      const next = this.#decoder.next();
      if (next === 'need-more') {
        if (this.#ended) return 'end';
        await this.#receiveMore(this.#decoder.pendingBytes > 0 ? kill : stop);
        continue;
      }
      if (this.#counting === 'from-first-byte') this.#due.clear();
      const message = next instanceof Uint8Array ? { payload: next } : next;
      if (this.params.framing === 'prefix32' && message.payload.length === 0) {
        emit('heard', { conn: this.#conn });
        continue;
      }
      this.#tellReceived(message);
      return message;
    }
  }

  /** Tells that the peer ended its writing where it might. */
  tellEnd(): void {
    if (!this.#endTold) emit('eof', { conn: this.#conn });
    this.#endTold = true;
  }

  #tellReceived({ payload }: Message): void {
    emit('received', {
      conn: this.#conn,
      seq: this.#received,
      bytes: payload.length,
      sha256: sha256(payload),
    });
    this.#received += 1;
    // A message that the end completed: the end is known as well.
    if (this.#ended) this.tellEnd();
  }

  async #receiveMore(signal: AbortSignal): Promise<void> {
    this.#countFromFirstByte();
    if (this.#watching) this.#pieces.watchSilence(this.#silence, this.params.deadPeerMs);
    const bytes = await this.#socket.recv(RECV_BYTES, { deadline: [this.#due, this.#silence], signal });
    if (bytes.length === 0) {
      this.#end();
      return;
    }
    this.#trace('read', bytes.length);
    this.#decoder.push(bytes);
    this.#countFromFirstByte();
    if (this.#due.running) this.#pieces.timekeeping.progress(this.#due, this.params.ioTimeoutMs);
  }

  #countFromFirstByte(): void {
    if (this.#counting !== 'from-first-byte' || this.#due.running || this.#decoder.pendingBytes === 0) return;
    this.#pieces.timekeeping.begin(this.#due, this.params.ioTimeoutMs);
  }

  #end(): void {
    const ending = this.#decoder.end();
    this.#ended = true;
    if (ending.kind === 'clean') return;
    const { receivedBytes, expectedBytes = 'an unknown number of' } = ending;
    const what = `the stream ended after ${receivedBytes} of ${expectedBytes} bytes of a message`;
    throw new ConversationError('truncated', what);
  }

  async #sendWire(wire: Uint8Array, signal: AbortSignal): Promise<void> {
    const deadline = new Deadline();
    this.#pieces.timekeeping.begin(deadline, this.params.ioTimeoutMs);
    try {
      await this.#pieces.handOver(this.#socket, wire, { deadline, signal });
    } catch (error) {
      if (error instanceof SocketError) this.#trace('wrote', error.bytesTaken ?? 0);
      throw error;
    }
    this.#trace('wrote', wire.length);
  }

  #trace(event: 'read' | 'wrote', bytes: number): void {
    if (this.params.trace && bytes > 0) emit(event, { conn: this.#conn, bytes });
  }
}
