/**
 * The agent of a subject's place: starts the one subject of its image where no engine can be asked to.
 *
 * Owns the processes it started: each ends with the connection that asked for it. It can start nothing but the command
 * that it was itself started with.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { RunQueueMeter } from '../../local/run-queue.ts';
import { AGENT_PORT } from './talk.ts';
import type { AgentAnswer, AgentRequest } from './talk.ts';

/** A stop signal takes effect within a scheduling round; this long means that it never will. */
const STATE_LIMIT_MS = 1_000;
/** Long enough to wind down; a subject that is left by its harness and has not gone by then never will. */
const GRACE_MS = 2_000;
/** As often as the harness looks. */
const SAMPLE_MS = 25;

const [program = '', ...args] = process.argv.slice(2);

/** State `T` is stopped (man 5 proc); what follows the last parenthesis begins with it. */
function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'T';
  } catch {
    return false;
  }
}

class Place {
  readonly #socket: Socket;
  #child: ChildProcess | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('close', () => this.#abandon());
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => void this.#take(JSON.parse(line) as AgentRequest));
    for (const each of [socket, lines])
      each.on('error', () => {
        // The harness has gone; `close` follows.
      });
  }

  #tell(answer: AgentAnswer): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(answer)}\n`);
  }

  async #take(request: AgentRequest): Promise<void> {
    if (request.do === 'start') this.#start(request.environment);
    else if (request.do === 'end-input') this.#child?.stdin?.end();
    else if (request.do === 'kill') this.#child?.kill('SIGKILL');
    else await this.#signal(request.do);
  }

  #start(environment: Readonly<Record<string, string>>): void {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    this.#child = child;
    child.stdin.on('error', () => {
      // It closed its input or is gone; its exit is told.
    });
    child.once('spawn', () => this.#tell({ told: 'started', pid: child.pid ?? 0 }));
    this.#meter(child);
    for (const told of ['stdout', 'stderr'] as const)
      child[told].on('data', (bytes: Buffer) => this.#tell({ told, bytes: bytes.toString('base64') }));
    child.once('error', (error) => {
      this.#tell({ told: 'stderr', bytes: Buffer.from(`${error.message}\n`).toString('base64') });
      this.#end(127, null);
    });
    child.once('close', (status, signal) => this.#end(status, signal));
  }

  /** Who was kept from running by others must not be blamed for it. */
  #meter(child: ChildProcess): void {
    const meter = new RunQueueMeter(child.pid ?? 0);
    const timer = setInterval(() => {
      const ms = meter.waitedMs();
      if (ms !== null) this.#tell({ told: 'waited', ms });
    }, SAMPLE_MS);
    child.once('exit', () => {
      clearInterval(timer);
      meter.close();
    });
    child.once('error', () => clearInterval(timer));
  }

  /** The harness has gone, or is done. Whoever it has frozen runs again, to see the end of its input. */
  #abandon(): void {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.stdin?.end();
    const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.once('exit', () => clearTimeout(late));
  }

  #end(status: number | null, signal: string | null): void {
    this.#tell({ told: 'exited', status, signal });
    this.#socket.end();
  }

  async #signal(what: 'freeze' | 'thaw'): Promise<void> {
    const pid = this.#child?.pid ?? 0;
    this.#child?.kill(what === 'freeze' ? 'SIGSTOP' : 'SIGCONT');
    const limitMs = Date.now() + STATE_LIMIT_MS;
    while (isStopped(pid) !== (what === 'freeze') && Date.now() < limitMs) await delay(1);
    const problem = isStopped(pid) === (what === 'freeze') ? null : `process ${pid} did not heed the signal`;
    this.#tell({ told: 'done', what, problem });
  }
}

/** On every network of its container; a test takes one address. */
const { AGENT_HOST: host = '0.0.0.0' } = process.env;

createServer((socket) => new Place(socket)).listen(AGENT_PORT, host, () => console.log(`listening on ${host}`));
