/**
 * What an exercise has at hand: starts of the subject, listeners and connections of the harness's own.
 *
 * Owns ending all of them, whatever the exercise came to.
 */
import { CONTRACT_VERSION } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import type { Exchange } from './exchange.ts';
import type { Limits } from './limits.ts';
import { dial, LOOPBACK, PeerListener } from './peer/peer-listener.ts';
import type { PeerSocket } from './peer/peer-socket.ts';
import { SubjectRun } from './subject-run.ts';
import { isUnsupported } from './transcript.ts';
import type { Transcript } from './transcript.ts';

/** A program under check, and how it is started. */
export interface CheckedProgram {
  readonly command: readonly string[];
  /** Variables beside the contract's own: the mark by which a later start finds what a killed harness left. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Variables that replace those of an ordinary start; `null` leaves one out. */
export type Change = Readonly<Record<string, string | null>>;

export class Stage implements AsyncDisposable {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly #program: CheckedProgram;
  readonly #runs: SubjectRun[] = [];
  readonly #peers: (AsyncDisposable | Disposable)[] = [];

  constructor(program: CheckedProgram, limits: Limits, signal: AbortSignal) {
    this.#program = program;
    this.limits = limits;
    this.signal = signal;
  }

  /** Starts the subject with exactly these `HALFOPEN_` variables. */
  async start(role: Role | null, environment: Readonly<Record<string, string>>): Promise<SubjectRun> {
    const run = await SubjectRun.start(
      this.#program.command,
      { role, environment: { ...this.#program.environment, ...environment } },
      this.limits,
      this.signal,
    );
    this.#runs.push(run);
    return run;
  }

  /** Starts the subject as a server and waits until it listens. */
  async startServer(
    exchange: Exchange,
    change: Change = {},
  ): Promise<{ readonly run: SubjectRun; readonly port: number }> {
    const run = await this.start('server', changed(environmentOf('server', exchange, 0), change));
    const { event } = await run.firstEvent('listening');
    return { run, port: event.port };
  }

  /** Starts the subject as a client of a listener of the harness's. */
  async startClient(
    exchange: Exchange,
    change: Change = {},
  ): Promise<{ readonly run: SubjectRun; readonly listener: PeerListener }> {
    const listener = await this.listen();
    const run = await this.start('client', changed(environmentOf('client', exchange, listener.port), change));
    await run.firstEvent('connecting');
    return { run, listener };
  }

  async listen(): Promise<PeerListener> {
    const listener = await PeerListener.open(this.limits.eventMs, this.signal);
    this.#peers.push(listener);
    return listener;
  }

  async dial(port: number): Promise<PeerSocket> {
    const peer = await dial(port, this.limits.eventMs, this.signal);
    this.#peers.push(peer);
    return peer;
  }

  /** Whether the subject said of its last start that it does not support it. */
  async lastIsUnsupported(): Promise<boolean> {
    const last = this.#runs.at(-1);
    // It may have printed the line and not yet be gone.
    return last !== undefined && isUnsupported(await last.finish());
  }

  /** Ends the input of every run that is left, and returns what all of them showed. */
  finish(): Promise<Transcript[]> {
    return Promise.all(this.#runs.map((run) => run.finish()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#runs.map((run) => run[Symbol.asyncDispose]()));
    for (const peer of this.#peers) {
      if (Symbol.asyncDispose in peer) await peer[Symbol.asyncDispose]();
      else peer[Symbol.dispose]();
    }
  }
}

function changed(environment: Readonly<Record<string, string>>, change: Change): Record<string, string> {
  const variables: Change = { ...environment, ...change };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** The contract's variables for one start. */
export function environmentOf(role: Role, exchange: Exchange, port: number, host = LOOPBACK): Record<string, string> {
  return {
    HALFOPEN_CONTRACT: CONTRACT_VERSION,
    HALFOPEN_ROLE: role,
    HALFOPEN_WORKLOAD: exchange.workload,
    HALFOPEN_HOST: host,
    HALFOPEN_PORT: String(port),
    HALFOPEN_PARAMS: JSON.stringify(exchange.input),
  };
}
