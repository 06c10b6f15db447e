/**
 * Plays a script on one connection and tells of it in the contract's events.
 *
 * Owns the steps. A script that the other side cuts short ends with `failed`; one that was played to its end reads on
 * until the other side ends, so that it never cuts what it was not told to cut.
 */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { Inbox } from './inbox.ts';
import type { Step, Told } from './script.ts';
import { tell } from './tell.ts';

function repeated(bytes: Buffer, times: number): Buffer {
  return times === 1 ? bytes : Buffer.concat(Array.from({ length: times }, () => bytes));
}

/** What is told of each message: its number, and size and digest of its payload. */
function messagesIn(
  bytes: Buffer,
  { seq, count, header, trailer }: Told,
): { seq: number; bytes: number; sha256: string }[] {
  const size = bytes.length / count;
  return Array.from({ length: count }, (_, index) => {
    const payload = bytes.subarray(index * size + header, (index + 1) * size - trailer);
    return { seq: seq + index, bytes: payload.length, sha256: hash('sha256', payload) };
  });
}

type StepOf<Name extends Step['do']> = Extract<Step, { do: Name }>;

/** A message that was taken off the wire. */
interface Taken {
  readonly wire: Buffer;
  readonly header: number;
  readonly trailer: number;
}

/** The other side's doing, by what Node calls it. */
const CODES: Readonly<Record<string, string>> = { ECONNRESET: 'reset', EPIPE: 'broken-pipe', ECONNABORTED: 'reset' };

export class Player {
  readonly #conn: number;
  readonly #socket: Socket;
  readonly #inbox: Inbox;
  readonly #taken: Taken[] = [];
  readonly #closed: Promise<unknown>;
  #sent = 0;
  #error: NodeJS.ErrnoException | null = null;

  /** @param socket established, paused and allowed to be half open */
  constructor(conn: number, socket: Socket) {
    this.#conn = conn;
    this.#socket = socket;
    this.#inbox = new Inbox(socket);
    this.#closed = new Promise((resolve) => socket.once('close', resolve));
    socket.setNoDelay(true);
    socket.on('error', (error) => {
      this.#error ??= error;
    });
  }

  /** Plays every step, then waits for the other side's end. Never throws: what stood in the way is told. */
  async play(steps: readonly Step[], stop: AbortSignal): Promise<void> {
    const abandon = (): void => {
      this.#socket.destroy();
    };
    stop.addEventListener('abort', abandon, { once: true });
    try {
      for (const step of steps) await this.#step(step, stop);
      if (!this.#socket.destroyed) await this.#leaveInOrder();
    } catch (error) {
      if (!stop.aborted) this.#tellFailure(error);
    }
    this.#socket.destroy();
    await this.#closed;
    stop.removeEventListener('abort', abandon);
    tell('closed', { conn: this.#conn });
  }

  async #step(step: Step, stop: AbortSignal): Promise<void> {
    switch (step.do) {
      case 'send':
        return await this.#send(repeated(Buffer.from(step.base64, 'base64'), step.times), step.tells);
      case 'take': {
        const wire = await this.#inbox.take(step.bytes);
        this.#taken.push({ wire, header: step.header, trailer: step.trailer });
        return;
      }
      case 'reply':
        return await this.#reply(step);
      case 'take-end':
        return await this.#takeEnd();
      case 'pause':
        // A connection that is closed meanwhile ends the pause.
        await Promise.race([sleep(step.ms, undefined, { signal: stop }), this.#closed]);
        return;
      case 'end':
        return await this.#end();
      case 'reset':
        this.#socket.resetAndDestroy();
        await this.#closed;
        return;
      case 'close':
        this.#socket.destroy();
        await this.#closed;
    }
  }

  async #reply({ of, from, to }: StepOf<'reply'>): Promise<void> {
    const message = this.#taken[of];
    if (message === undefined) throw new Error(`message ${of} was never taken`);
    const { wire, header, trailer } = message;
    const payload = wire.subarray(header, wire.length - trailer).map((byte) => byte ^ 0xff);
    const whole = Buffer.concat([wire.subarray(0, header), payload, wire.subarray(wire.length - trailer)]);
    const isWhole = from === 0 && (to === null || to >= whole.length);
    const told = isWhole ? { seq: this.#sent, count: 1, header, trailer } : null;
    await this.#send(whole.subarray(from, to ?? whole.length), told);
  }

  async #send(bytes: Buffer, tells: Told | null): Promise<void> {
    const conn = this.#conn;
    const messages = tells === null ? [] : messagesIn(bytes, tells);
    for (const message of messages) tell('sending', { conn, ...message });
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error === null || error === undefined ? resolve() : reject(error)));
    });
    tell('wrote', { conn, bytes: bytes.length });
    for (const { seq } of messages) tell('sent', { conn, seq });
    this.#sent += messages.length;
  }

  async #takeEnd(): Promise<void> {
    if (this.#inbox.ended) return;
    await this.#inbox.takeEnd();
    tell('eof', { conn: this.#conn });
  }

  async #end(): Promise<void> {
    this.#socket.end();
    await once(this.#socket, 'finish');
    tell('shutdown', { conn: this.#conn });
  }

  async #leaveInOrder(): Promise<void> {
    await this.#takeEnd();
    if (!this.#socket.writableEnded) await this.#end();
  }

  #tellFailure(error: unknown): void {
    const cause = this.#error ?? (error as NodeJS.ErrnoException);
    const code = CODES[cause.code ?? ''] ?? (this.#inbox.ended ? 'truncated' : 'other');
    tell('failed', { conn: this.#conn, op: cause.syscall === 'write' ? 'send' : 'recv', code, message: cause.message });
  }
}
