/**
 * One end of a TCP connection in the harness's hands: bytes, ends and resets at will.
 *
 * Owns the socket and what arrived on it; what the bytes mean is `wire-form.ts`.
 */
import type { Socket } from 'node:net';

import { monotonicMs } from '../../run/clock.ts';
import { Changes } from '../changes.ts';
import { Missed } from '../clause.ts';

/** No exercise sends a hundredth of it; a subject that sends more is not read any further. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** How the subject's side ended: `null` while it has not. */
export type PeerEnd = 'end' | 'reset' | null;

export class PeerSocket implements Disposable {
  readonly localPort: number;
  readonly remotePort: number;
  readonly #socket: Socket;
  readonly #limitMs: number;
  readonly #signal: AbortSignal;
  readonly #changes = new Changes();
  #buffer: Buffer = Buffer.alloc(0);
  #end: PeerEnd = null;
  #endedMs: number | null = null;

  /** @param limitMs how long bytes that are due are waited for */
  constructor(socket: Socket, limitMs: number, signal: AbortSignal) {
    this.#socket = socket;
    this.#limitMs = limitMs;
    this.#signal = signal;
    this.localPort = socket.localPort ?? 0;
    this.remotePort = socket.remotePort ?? 0;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      if (this.#buffer.length > MAX_BUFFERED_BYTES) socket.pause();
      this.#changes.announce();
    });
    socket.on('end', () => this.#noteEnd('end'));
    socket.on('error', () => this.#noteEnd('reset'));
  }

  /** Bytes that arrived and were not taken. */
  get unread(): number {
    return this.#buffer.length;
  }

  get ended(): PeerEnd {
    return this.#end;
  }

  /** When the end came, on the harness's monotonic clock. */
  get endedMs(): number | null {
    return this.#endedMs;
  }

  write(bytes: Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Ends writing; what the subject sends still arrives. */
  end(): void {
    if (!this.#socket.destroyed) this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Waits until so many bytes are there; `false` when the end comes first, or nothing in time. */
  async has(count: number): Promise<boolean> {
    await this.#until(() => this.unread >= count || this.#end !== null);
    return this.unread >= count;
  }

  /**
   * Takes exactly so many bytes.
   *
   * @param what they are, for the words of a miss
   * @throws {Missed} when they do not come
   */
  async take(count: number, what: string): Promise<Buffer> {
    await this.#until(() => this.unread >= count || this.#end !== null);
    if (this.unread < count) throw this.#short(what, `${this.unread} of ${count} bytes`);
    return this.#cut(count);
  }

  /** Takes the bytes before the next `delimiter`, which is taken too. */
  async takeUntil(delimiter: number, what: string): Promise<Buffer> {
    await this.#until(() => this.#buffer.includes(delimiter) || this.#end !== null);
    const index = this.#buffer.indexOf(delimiter);
    if (index < 0) throw this.#short(what, `${this.unread} bytes without their end`);
    return this.#cut(index + 1).subarray(0, index);
  }

  /** Takes all bytes up to the subject's end. */
  async takeToEnd(what: string): Promise<Buffer> {
    await this.#until(() => this.#end !== null);
    if (this.#end !== 'end') throw this.#short(what, `${this.unread} bytes without an end of stream`);
    return this.#cut(this.unread);
  }

  /**
   * Waits for the subject's orderly end, with no byte before it.
   *
   * @throws {Missed} for bytes, for a reset, and where no end comes
   */
  async expectEnd(when: string, limitMs = this.#limitMs): Promise<void> {
    await this.#until(() => this.#end !== null || this.unread > 0, limitMs);
    if (this.unread > 0) throw new Missed(`an end of stream ${when}`, `${this.unread} more bytes came before it`);
    if (this.#end !== 'end') throw this.#short(`an end of stream ${when}`, 'none');
  }

  /** Waits for an end of whatever kind, taking no notice of bytes; `null` when none comes in time. */
  async over(limitMs = this.#limitMs): Promise<PeerEnd> {
    await this.#until(() => this.#end !== null, limitMs);
    return this.#end;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #cut(count: number): Buffer {
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  #short(what: string, got: string): Missed {
    const why = { end: 'then the subject ended the connection', reset: 'then the subject reset the connection' };
    const after = this.#end === null ? `and nothing more within ${this.#limitMs} ms` : why[this.#end];
    return new Missed(what, `${got} came, ${after}`);
  }

  #noteEnd(end: 'end' | 'reset'): void {
    this.#end ??= end;
    this.#endedMs ??= monotonicMs();
    this.#changes.announce();
  }

  #until(condition: () => boolean, limitMs = this.#limitMs): Promise<boolean> {
    return this.#changes.until(condition, limitMs, this.#signal);
  }
}
