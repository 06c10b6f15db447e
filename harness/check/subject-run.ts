/**
 * One start of the program under check: its lines as they come, and waits for them.
 *
 * Owns the process and the limits on what is taken from it; what it printed is judged elsewhere.
 */
import type { Readable } from 'node:stream';

import { MAX_LINE_BYTES, readEventLine } from '../contract/event.ts';
import type { EventName } from '../contract/event.ts';
import type { Role } from '../contract/words.ts';
import { startCanary } from '../run/canary.ts';
import type { Exit, SubjectProcess } from '../run/cell.ts';
import { monotonicMs } from '../run/clock.ts';
import { startLocalProcess } from '../run/local/local-process.ts';
import { Changes } from './changes.ts';
import { Missed } from './clause.ts';
import type { Limits } from './limits.ts';
import { allOf, ending, summary } from './transcript.ts';
import type { EventOf, Line, Told, Transcript } from './transcript.ts';

/** No exercise needs a tenth of it. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
const LINE_CHARACTERS = 200;
const LOG_CHARACTERS = 4_000;

export class SubjectRun implements AsyncDisposable {
  readonly #process: SubjectProcess;
  readonly #limits: Limits;
  readonly #signal: AbortSignal;
  readonly #role: Role | null;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #startedMs = monotonicMs();
  readonly #changes = new Changes();
  readonly #lines: Line[] = [];
  readonly #canary: Disposable;
  #log = '';
  #flooded = false;
  #exit: Exit | null = null;
  #exitedMs: number | null = null;
  #inputEndedMs: number | null = null;
  #overdue = false;
  #stalledMs = 0;

  private constructor(
    process: SubjectProcess,
    start: { role: Role | null; environment: Readonly<Record<string, string>> },
    limits: Limits,
    signal: AbortSignal,
  ) {
    this.#process = process;
    this.#role = start.role;
    this.#environment = start.environment;
    this.#limits = limits;
    this.#signal = signal;
    this.#canary = startCanary((lateMs) => {
      this.#stalledMs = Math.max(this.#stalledMs, lateMs);
    });
    this.#takeOutput(process.stdout);
    this.#takeLog(process.stderr);
    void this.#noteExit(process.exited);
  }

  /**
   * Starts the program.
   *
   * @param environment all of its `HALFOPEN_` variables
   * @throws {SubjectUnstartable} when the command cannot be run at all
   */
  static async start(
    command: readonly string[],
    start: { role: Role | null; environment: Readonly<Record<string, string>> },
    limits: Limits,
    signal: AbortSignal,
  ): Promise<SubjectRun> {
    const process = await startLocalProcess(start.role ?? 'server', { name: 'subject', command }, start.environment);
    return new SubjectRun(process, start, limits, signal);
  }

  get pid(): number | null {
    return this.#process.pid;
  }

  get hasExited(): boolean {
    return this.#exit !== null;
  }

  transcript(): Transcript {
    return {
      role: this.#role,
      environment: this.#environment,
      startedMs: this.#startedMs,
      lines: this.#lines,
      flooded: this.#flooded,
      log: this.#log,
      exit: this.#exit,
      exitedMs: this.#exitedMs,
      inputEndedMs: this.#inputEndedMs,
      overdue: this.#overdue,
      stalledMs: this.#stalledMs,
    };
  }

  /**
   * Waits for the `count`th event of a kind.
   *
   * @throws {Missed} when it does not come in time, or the process ends first
   */
  async event<Name extends EventName>(
    name: Name,
    count = 1,
    limitMs = this.#limits.eventMs,
  ): Promise<Told<EventOf<Name>>> {
    const found = (): Told<EventOf<Name>> | undefined => allOf(this.transcript(), name)[count - 1];
    await this.#changes.until(() => found() !== undefined || this.hasExited, limitMs, this.#signal);
    const told = found();
    if (told !== undefined) return told;
    const which = count === 1 ? `"${name}"` : `${count} times "${name}"`;
    const after = this.hasExited ? ending(this.transcript()) : `none came within ${Math.round(limitMs)} ms`;
    throw new Missed(`the event ${which}, flushed at once`, `${after}; ${summary(this.transcript())}`);
  }

  /** The first event of a process, which may take as long as a start takes. */
  async firstEvent<Name extends EventName>(name: Name): Promise<Told<EventOf<Name>>> {
    const told = await this.event(name, 1, this.#limits.startMs);
    this.#limits.startTook(told.arrivedMs - this.#startedMs);
    return told;
  }

  /** Ends its standard input: the contract's word to wind down. */
  endInput(): void {
    if (this.#inputEndedMs !== null) return;
    this.#inputEndedMs = monotonicMs();
    this.#process.endInput();
  }

  /** Waits for its end; `false` when it does not come in time. */
  exits(limitMs: number): Promise<boolean> {
    return this.#changes.until(() => this.hasExited, limitMs, this.#signal);
  }

  /** Ends its input, gives it the contract's time to end, and returns all that it showed. */
  async finish(): Promise<Transcript> {
    this.endInput();
    if (!(await this.exits(this.#limits.exitMs))) await this.#endOverdue();
    return this.transcript();
  }

  async #noteExit(exited: Promise<Exit>): Promise<void> {
    this.#exit = await exited;
    this.#exitedMs = monotonicMs();
    this.#canary[Symbol.dispose]();
    this.#changes.announce();
  }

  async #endOverdue(): Promise<void> {
    this.#overdue = true;
    this.#limits.exitWasOverdue();
    await this.#process.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#canary[Symbol.dispose]();
    // Also when it has ended: what it started itself may still be there.
    await this.#process.kill();
    await this.#process.endLeftBehind?.();
  }

  #takeOutput(stdout: Readable): void {
    let rest = '';
    let taken = 0;
    stdout.setEncoding('utf8');
    stdout.on('data', (chunk: string) => {
      if (this.#flooded) return;
      taken += chunk.length;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#takeLine(line);
      if (taken > MAX_OUTPUT_BYTES || rest.length > MAX_LINE_BYTES) {
        this.#flooded = true;
        void this.#process.kill();
      }
      this.#changes.announce();
    });
    stdout.once('end', () => {
      if (rest !== '' && !this.#flooded) this.#takeLine(rest);
    });
  }

  #takeLine(line: string): void {
    this.#lines.push({
      text: line.slice(0, LINE_CHARACTERS),
      isObject: isObject(line),
      reading: readEventLine(line),
      arrivedMs: monotonicMs(),
    });
  }

  #takeLog(stderr: Readable): void {
    stderr.setEncoding('utf8');
    stderr.on('data', (chunk: string) => {
      this.#log = (this.#log + chunk).slice(-LOG_CHARACTERS);
    });
  }
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
