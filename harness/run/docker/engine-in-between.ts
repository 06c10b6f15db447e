/**
 * For the tests: a socket in front of the engine, which can go away, fall silent, or refuse a call in the engine's own
 * words. Everything else passes as it is, so that what stands behind it is the real engine.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ENGINE = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace('unix://', '');

export interface Refusal {
  /** Of a request's first line. */
  readonly call: RegExp;
  readonly message: string;
  /** Absent: 500. */
  readonly status?: number;
  /** Instead of an error with the message. */
  readonly body?: object;
}

export class EngineInBetween implements AsyncDisposable {
  readonly #path = join(tmpdir(), `halfopen-engine-${randomUUID()}.sock`);
  #refusal: Refusal | null;
  #silent = false;
  #held: RegExp | null = null;
  #watched: readonly [RegExp, () => void] | null = null;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ allowHalfOpen: true }, (socket) => this.#join(socket));

  private constructor(refusal: Refusal | null) {
    this.#refusal = refusal;
  }

  static async open(refusal: Refusal | null = null): Promise<EngineInBetween> {
    const between = new EngineInBetween(refusal);
    between.#server.listen(between.#path);
    await once(between.#server, 'listening');
    return between;
  }

  /** On a port of loopback, as an engine of another machine would be reached. */
  static async openPort(): Promise<EngineInBetween> {
    const between = new EngineInBetween(null);
    between.#server.listen(0, '127.0.0.1');
    await once(between.#server, 'listening');
    return between;
  }

  /** For `DOCKER_HOST`. */
  get host(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `tcp://127.0.0.1:${address.port}` : `unix://${this.#path}`;
  }

  #join(client: Socket): void {
    const engine = connect({ path: ENGINE, allowHalfOpen: true });
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => this.#sockets.delete(one));
      one.on('end', () => other.end());
    }
    engine.on('data', (bytes) => this.#silent || client.write(bytes));
    client.on('data', (bytes) => {
      const call = bytes.toString('latin1').split('\r\n')[0] ?? '';
      if (this.#watched?.[0].test(call) === true) this.#watched[1]();
      if (this.#silent || this.#held?.test(call) === true) return;
      if (this.#refusal?.call.test(call) !== true) engine.write(bytes);
      else client.end(refused(this.#refusal));
    });
  }

  /** From now on that call gets no other answer. */
  refuse(refusal: Refusal): void {
    this.#refusal = refusal;
  }

  /** From now on that call gets no answer at all, and never reaches the engine. */
  hold(call: RegExp): void {
    this.#held = call;
  }

  /** Tells when that call is made, before it reaches the engine. */
  watch(call: RegExp, onCall: () => void): void {
    this.#watched = [call, onCall];
  }

  /** The engine is stuck: it takes connections and whatever is said to it, and says nothing more on any of them. */
  fallSilent(): void {
    this.#silent = true;
  }

  /** The engine is gone: every call under way breaks off, and nobody listens any more. */
  cut(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await rm(this.#path, { force: true });
  }
}

function refused({ message, status = 500, body = { message } }: Refusal): string {
  const text = JSON.stringify(body);
  const head = `HTTP/1.1 ${status} ${message}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  return `${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
