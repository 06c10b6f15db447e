/**
 * The client role: makes the connections that are asked for, so many at a time, and plays the workload on each.
 */
import { connect } from '../socket/connect.ts';
import type { Socket } from '../socket/socket.ts';
import { CLIENT_WORKLOADS, echoFrom, type Part } from './client-workloads.ts';
import { closing } from './closing.ts';
import { Conversation, type Setting } from './conversation.ts';
import { emit } from './events.ts';
import type { Failure } from './failure.ts';
import type { Task } from './params.ts';
import type { Outcome, Pieces } from './pieces.ts';
import { fired, waited, type Stops } from './stops.ts';

/** The bound on the wait before a retry grows up to this. */
const LONGEST_BACKOFF_MS = 2000;

class Client {
  readonly #task: Task;
  readonly #setting: Setting;
  readonly #stops: Stops;
  #attempts = 0;

  constructor(task: Task, setting: Setting, stops: Stops) {
    this.#task = task;
    this.#setting = setting;
    this.#stops = stops;
  }

  /** Works off all connections, `concurrency` at a time. */
  async run(): Promise<void> {
    const { connections, concurrency } = this.#setting.params;
    let next = 1;
    const worker = async (): Promise<void> => {
      while (next <= connections && !this.#stops.stop.aborted) {
        const key = next;
        next += 1;
        const outcome = await this.#play(key);
        if (!this.#setting.pieces.goesOn(outcome)) return;
      }
    };
    await Promise.all(Array.from({ length: Math.min(connections, concurrency) }, worker));
  }

  async #play(key: number): Promise<Outcome> {
    const { workload } = this.#task;
    if (workload === 'reconnect') return await this.#reconnecting(key);
    return await this.#attempt(key, CLIENT_WORKLOADS[workload]);
  }

  /** One connection from its attempt to its `closed`. */
  async #attempt(key: number, script: (part: Part) => Promise<void>): Promise<Outcome> {
    const { params } = this.#setting;
    this.#attempts += 1;
    const conn = this.#attempts;
    emit('connecting', { conn, key });
    const socket = await this.#connect();
    if (!('recv' in socket)) {
      if (socket.failure !== 'stopped') emit('failed', { conn, ...socket.failure });
      emit('closed', { conn });
      return socket.failure;
    }
    emit('connected', { conn, localPort: socket.localAddress?.port ?? 0 });
    if (params.keepAlive !== null) socket.setKeepAlive(params.keepAlive);
    const talk = new Conversation(conn, socket, this.#setting, 'when-due');
    const { pieces } = this.#setting;
    const part: Part = { talk, key: `${params.seed}/${key}`, stops: this.#stops, pieces };
    return await closing({ conn, socket, stops: this.#stops, pieces }, async () => await script(part));
  }

  async #connect(): Promise<Socket | { readonly failure: Failure | 'stopped' }> {
    const { host, port } = this.#task;
    const deadline = this.#setting.pieces.connectWithin(this.#setting.params.connectTimeoutMs);
    try {
      return await connect({ host, port }, { deadline, signal: this.#stops.stop });
    } catch (error) {
      return { failure: this.#setting.pieces.failureOf(error) };
    }
  }

  /** One connection after another until the last message is echoed or the retries are used up. */
  async #reconnecting(key: number): Promise<Outcome> {
    const { messages, retries } = this.#setting.params;
    const firstBoundMs = Math.min(this.#setting.params.backoffMs, LONGEST_BACKOFF_MS);
    const { retrying } = this.#setting.pieces;
    let echoed = 0;
    let left = retries;
    let boundMs = firstBoundMs;
    for (;;) {
      const outcome = await this.#attempt(key, async (part) => {
        left = retrying.afterConnect(left, retries);
        await echoFrom(retrying.resumeAt(echoed), part, () => {
          echoed += 1;
          left = retrying.afterEcho(left, retries);
          boundMs = firstBoundMs;
        });
      });
      if (outcome === 'done' || outcome === 'stopped' || echoed === messages) return outcome;
      if (!retrying.worthwhile(outcome, left) || this.#stops.stop.aborted) return outcome;
      left -= 1;
      if (!(await waited(retrying.pauseMs(boundMs), this.#stops.stop))) return outcome;
      boundMs = Math.min(2 * boundMs, LONGEST_BACKOFF_MS);
    }
  }
}

/** Plays the role to its end, which is the end of input. */
export async function visit(task: Task, pieces: Pieces, stops: Stops): Promise<void> {
  const setting = { params: task.params, framing: await pieces.framingOf(task.params), pieces };
  await new Client(task, setting, stops).run();
  if (stops.stop.aborted) return;
  emit('done');
  await fired(stops.stop);
}
