/**
 * For tests: a subject as the harness starts it, one process per role, and what it prints.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Event {
  readonly event: string;
  readonly at?: number;
  readonly conn?: number;
  readonly [key: string]: unknown;
}

export interface Start {
  readonly role: 'server' | 'client';
  readonly workload: string;
  readonly port: number;
  readonly params?: object;
  /** Another program than the correct one, seen from this folder. */
  readonly program?: string;
  /** A command to start in place of Node with a program. */
  readonly command?: readonly string[];
  /** Variables that take the place of those above. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What did not come in this time does not come: a subject's own times are seconds at most. */
const MOST_WAIT_MS = 30_000;

/** Why, its Dockerfile says. */
const AS_IN_ITS_IMAGE = ['--no-concurrent-recompilation', '--no-concurrent-sparkplug'];

export class SubjectProcess {
  readonly events: Event[] = [];
  readonly lines: string[] = [];
  readonly #child;
  readonly #exit = Promise.withResolvers<number | string>();
  readonly #wakes = new Set<() => void>();
  #log = '';
  #exited = false;

  constructor(start: Start) {
    const program = fileURLToPath(new URL(start.program ?? 'main.ts', import.meta.url));
    const [command = '', ...args] = start.command ?? [process.execPath, ...AS_IN_ITS_IMAGE, program];
    this.#child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        HALFOPEN_CONTRACT: '1',
        HALFOPEN_ROLE: start.role,
        HALFOPEN_WORKLOAD: start.workload,
        HALFOPEN_HOST: '127.0.0.1',
        HALFOPEN_PORT: String(start.port),
        HALFOPEN_PARAMS: JSON.stringify(start.params ?? {}),
        ...start.env,
      },
    });
    createInterface(this.#child.stdout).on('line', (line) => this.#onLine(line));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    this.#child.stdin.on('error', () => {});
    this.#child.on('close', (status, signal) => {
      this.#exited = true;
      this.#exit.resolve(status ?? signal ?? 'unknown');
      this.#wake();
    });
  }

  /** The first event of this name that meets the condition; waits for it. */
  async event(name: string, meets: (event: Event) => boolean = () => true): Promise<Event> {
    const latestMs = performance.now() + MOST_WAIT_MS;
    for (;;) {
      const found = this.events.find((event) => event.event === name && meets(event));
      if (found !== undefined) return found;
      const leftMs = latestMs - performance.now();
      if (this.#exited || leftMs <= 0) {
        const how = this.#exited ? 'ended' : `${MOST_WAIT_MS} ms`;
        throw new Error(`${how} without ${name}: ${this.lines.join('\n')}\n${this.#log}`);
      }
      await this.#news(leftMs);
    }
  }

  /** The port that the server listens on. */
  async port(): Promise<number> {
    return Number((await this.event('listening'))['port']);
  }

  /** Ends its standard input and waits for its exit. */
  async end(): Promise<number | string> {
    this.#child.stdin.end();
    return await this.exited();
  }

  async exited(): Promise<number | string> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const now = `pid ${this.#child.pid}, status ${this.#child.exitCode}, signal ${this.#child.signalCode}`;
      late.reject(new Error(`not over in ${MOST_WAIT_MS} ms (${now}): ${this.lines.join('\n')}\n${this.#log}`));
    }, MOST_WAIT_MS);
    try {
      return await Promise.race([this.#exit.promise, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Has the operating system stop the process, or let it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Names of the events of one connection in order, with the code of a failure: `failed reset`. */
  story(conn = 1): string[] {
    return this.events
      .filter((event) => event.conn === conn)
      .map((event) =>
        event.event === 'failed' ? `failed ${String(event['op'])} ${String(event['code'])}` : event.event,
      );
  }

  get log(): string {
    return this.#log;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited();
  }

  #onLine(line: string): void {
    this.lines.push(line);
    const event: unknown = JSON.parse(line);
    if (isEvent(event)) this.events.push(event);
    this.#wake();
  }

  /** Waits for a line or the exit, no longer than so. */
  async #news(mostMs: number): Promise<void> {
    const news = Promise.withResolvers<void>();
    this.#wakes.add(news.resolve);
    const timer = setTimeout(news.resolve, mostMs);
    await news.promise;
    clearTimeout(timer);
  }

  #wake(): void {
    const wakes = [...this.#wakes];
    this.#wakes.clear();
    for (const wake of wakes) wake();
  }
}

function isEvent(value: unknown): value is Event {
  return typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string';
}

/** Milliseconds between two events of the same process. */
export function msBetween(earlier: Event, later: Event): number {
  return ((later.at ?? 0) - (earlier.at ?? 0)) / 1000;
}
