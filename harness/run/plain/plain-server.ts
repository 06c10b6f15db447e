/**
 * The server of a plain attempt: one that is started here, or one that somebody else runs.
 *
 * Owns waiting until it listens, the readings of what it holds, and its end. A server of somebody else's is left alone.
 */
import { setTimeout as delay } from 'node:timers/promises';

import type { PlainServer } from '../../contract/plain-subject.ts';
import type { Cell, Exit } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import { isListening } from '../local/listening.ts';
import { readProcess } from '../process-reading.ts';
import type { Reading } from '../process-reading.ts';
import type { Recorder } from '../recorder.ts';
import { PlainProgram } from './plain-program.ts';
import type { Address } from './plain-program.ts';

/** Nobody tells of a new listener, or of a socket that was closed: they are looked for this often. */
const LOOK_EVERY_MS = 10;

type Own = Exclude<PlainServer, { address: string }>;

export class PlainServerPlace {
  readonly #cell: Cell;
  readonly #server: PlainServer;
  readonly #name: string;
  readonly #recorder: Recorder;
  #program: PlainProgram | null = null;
  #exit: Exit | null = null;
  #heldAtFirst = 0;

  constructor(cell: Cell, name: string, server: PlainServer, recorder: Recorder) {
    this.#cell = cell;
    this.#name = name;
    this.#server = server;
    this.#recorder = recorder;
  }

  /** Its process, for faults that act on one; `null` for a server of somebody else's. */
  get program(): PlainProgram | null {
    return this.#program;
  }

  /** Whether it was started here and has ended. */
  get gone(): boolean {
    return this.#exit !== null;
  }

  /** Starts it, or finds it; how the proxy reaches it, or `null` where it does not listen in time, which is then on record. */
  async start(signal: AbortSignal): Promise<string | null> {
    return 'address' in this.#server ? this.#find(this.#server.address) : this.#begin(this.#server, signal);
  }

  async #find(address: string): Promise<string | null> {
    const { host, port } = addressOf(address);
    const upstream = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    if (await isListening(host, port)) return upstream;
    this.#recorder.record({ kind: 'unstartable', role: 'server', problem: `nobody listens on ${upstream}` });
    return null;
  }

  async #begin(own: Own, signal: AbortSignal): Promise<string | null> {
    const port = ('port' in own ? own.port : undefined) ?? (await this.#cell.freePort());
    const address = { host: this.#cell.serverHost, port };
    const what = { role: 'server', name: this.#name, program: own, address, log: 'server.log' } as const;
    this.#program = await PlainProgram.start(this.#cell, what, this.#recorder);
    if (this.#program === null) return null;
    this.#program.process.stdout.resume();
    void this.#noteEnd(this.#program);
    const limitMs = monotonicMs() + own.startsWithinMs;
    while (!this.gone && monotonicMs() < limitMs) {
      if (await this.#cell.listens(port)) return this.#cell.upstream(port);
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
    if (!this.gone)
      this.#recorder.record({ kind: 'overdue', role: 'server', limit: 'start', limitMs: own.startsWithinMs });
    return null;
  }

  async #noteEnd(program: PlainProgram): Promise<void> {
    this.#exit = await program.ended;
  }

  /** Records what it holds before its first client. */
  async readAtFirst(): Promise<void> {
    const reading = await this.#read();
    this.#heldAtFirst = reading === null ? 0 : connections(reading);
    if (reading !== null) this.#recorder.record({ kind: 'reading', role: 'server', moment: 'begun', ...reading });
  }

  /** Waits until it holds no more connections than at first, for as long as it may take, and records what it holds then. */
  async readSettled(signal: AbortSignal): Promise<void> {
    if ('address' in this.#server) return;
    const limitMs = monotonicMs() + this.#server.releasesWithinMs;
    let reading = await this.#read();
    while (reading !== null && connections(reading) > this.#heldAtFirst && monotonicMs() < limitMs) {
      await delay(LOOK_EVERY_MS, undefined, { signal });
      reading = await this.#read();
    }
    if (reading !== null) this.#recorder.record({ kind: 'reading', role: 'server', moment: 'settled', ...reading });
  }

  /** What all its processes hold together; `null` where the kernel does not tell. */
  async #read(): Promise<(Reading & { tookMs: number }) | null> {
    const fromMs = this.#recorder.nowMs();
    const pids = (await this.#program?.family()) ?? [];
    const readings = pids.flatMap((pid) => readProcess(pid, 0) ?? []);
    if (readings.length === 0) return null;
    return { ...readings.reduce(together), tookMs: this.#recorder.nowMs() - fromMs };
  }

  /** Ends it, if it was started here, with all that it started. */
  async end(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    if (this.#exit === null) await program?.kill('cleanup');
    else await program?.endOrphans(this.#exit);
  }
}

function together(one: Reading, other: Reading): Reading {
  const sockets = { ...one.sockets };
  for (const [state, count] of Object.entries(other.sockets)) sockets[state] = (sockets[state] ?? 0) + count;
  return {
    sockets,
    fds: one.fds + other.fds,
    residentBytes: one.residentBytes + other.residentBytes,
    cpuMs: one.cpuMs + other.cpuMs,
    waitedMs: (one.waitedMs ?? 0) + (other.waitedMs ?? 0),
  };
}

/** Sockets but listeners. */
function connections({ sockets }: Reading): number {
  return Object.entries(sockets).reduce((sum, [state, count]) => (state === 'LISTEN' ? sum : sum + count), 0);
}

/** `127.0.0.1:80`, `localhost:80` or `[::1]:80` in its parts. */
function addressOf(text: string): Address {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(at + 1)) };
}
