/**
 * A subject in a place of a cell that compose keeps up, started by the place's agent.
 *
 * Owns the talk with the agent. The process ends with this connection, so that a killed harness leaves none at work.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';

import type { Role } from '../../contract/words.ts';
import type { Delivery, Exit, SubjectProcess } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import { messageOf, RunError } from '../run-error.ts';
import { AGENT_PORT } from './agent/talk.ts';
import type { AgentAnswer, AgentRequest } from './agent/talk.ts';

/** An agent answers within ms; this long means that it never will. */
const ANSWER_LIMIT_MS = 5_000;

/**
 * Starts the subject of a place.
 *
 * @param host the place's name on the network that it shares with the harness
 * @throws {RunError} `cell-not-started` where no agent answers there; the reason of `signal` once it is aborted
 */
export async function startByAgent(
  role: Role,
  host: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<SubjectProcess> {
  const socket = await reach(host, signal);
  const talk = new Talk(socket);
  talk.ask({ do: 'start', environment });
  await talk.started;
  return {
    role,
    // Its number is the place's own, and says nothing here.
    pid: null,
    stdout: talk.stdout,
    stderr: talk.stderr,
    exited: talk.exited,
    waitedMs: () => talk.waitedMs,
    endInput: () => talk.ask({ do: 'end-input' }),
    freeze: () => talk.freeze(),
    thaw: () => talk.thaw(),
    kill: () => talk.kill(),
  };
}

/** Connects to the agent of a place and says nothing. @throws as `startByAgent` */
export async function demandAgent(host: string, signal: AbortSignal): Promise<void> {
  (await reach(host, signal)).destroy();
}

async function reach(host: string, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port: AGENT_PORT, noDelay: true });
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]) });
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    const remedy = 'run it as "docker compose run --rm harness", which brings the cell up around it';
    throw new RunError('cell-not-started', `no agent answers at ${host}: ${messageOf(error)}`, remedy, error);
  }
}

class Talk {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly started: Promise<void>;
  readonly exited: Promise<Exit>;
  waitedMs: number | null = null;
  readonly #socket: Socket;
  readonly #started = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<Exit>();
  #done = Promise.withResolvers<void>();

  constructor(socket: Socket) {
    this.#socket = socket;
    this.started = this.#started.promise;
    this.exited = this.#exited.promise;
    for (const told of [this.#exited, this.#started, this.#done]) unheard(told.promise);
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => this.#take(JSON.parse(line) as AgentAnswer));
    for (const each of [socket, lines])
      each.on('error', () => {
        // `close` follows.
      });
    socket.once('close', () => this.#lost());
  }

  ask(request: AgentRequest): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(request)}\n`);
  }

  #take(answer: AgentAnswer): void {
    if (answer.told === 'started') this.#started.resolve();
    else if (answer.told === 'done') this.#settle(answer.problem);
    else if (answer.told === 'exited') this.#end({ status: answer.status, signal: answer.signal });
    else if (answer.told === 'waited') this.waitedMs = answer.ms;
    else this[answer.told].write(Buffer.from(answer.bytes, 'base64'));
  }

  #settle(problem: string | null): void {
    if (problem === null) this.#done.resolve();
    else this.#done.reject(new Error(problem));
  }

  #end(exit: Exit): void {
    this.#started.resolve();
    this.#exited.resolve(exit);
    this.stdout.end();
    this.stderr.end();
  }

  /** Without its last word nobody can tell how the process ended. */
  #lost(): void {
    const remedy = 'look at "docker compose ps" and "docker compose logs", then run again';
    const error = new RunError('engine-lost', 'the agent of a place has gone, and its subject with it', remedy);
    this.#started.reject(error);
    this.#exited.reject(error);
    this.#done.reject(error);
    this.stdout.end();
    this.stderr.end();
  }

  async freeze(): Promise<Delivery> {
    const earliestMs = monotonicMs();
    await this.#tell('freeze');
    const proof = 'the kernel of its place says that the process is in state T (stopped)';
    return { earliestMs, latestMs: monotonicMs(), grade: 'kernel', proof };
  }

  thaw(): Promise<void> {
    return this.#tell('thaw');
  }

  /** @returns `null` where it had ended by itself before */
  async kill(): Promise<Delivery | null> {
    const earliestMs = monotonicMs();
    this.ask({ do: 'kill' });
    const { signal } = await this.exited;
    if (signal !== 'SIGKILL') return null;
    return { earliestMs, latestMs: monotonicMs(), grade: 'kernel', proof: 'the process ended by SIGKILL' };
  }

  #tell(what: 'freeze' | 'thaw'): Promise<void> {
    this.#done = Promise.withResolvers<void>();
    unheard(this.#done.promise);
    // One that has ended needs neither.
    if (!this.#socket.writable) return Promise.resolve();
    this.ask({ do: what });
    return this.#done.promise;
  }
}

/** Whoever waits for it is told; nobody may be waiting. */
function unheard(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
