/**
 * The two programs of an attempt while they run.
 *
 * Owns their start, what is kept of their output, the limits they are held to, the readings of what they hold, and
 * their end. When each of these is due is the attempt's to say.
 */
import { join } from 'node:path';

import { logFile } from '../evidence/folder.ts';
import type { Plan } from '../evidence/plan.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import type { Role } from '../contract/words.ts';
import type { Cast, Cell, SubjectProcess } from './cell.ts';
import { SubjectUnstartable } from './cell.ts';
import { watchScheduling } from './canary.ts';
import { environmentFor } from './environment.ts';
import { keepLog, recordedExit, recordEvents } from './output.ts';
import { readProcess } from './process-reading.ts';
import { Progress } from './progress.ts';
import type { Recorder } from './recorder.ts';
import { messageOf, remedyOf } from './run-error.ts';

export class Players {
  /** How far the two have come. */
  readonly progress = new Progress();
  readonly #plan: Plan;
  readonly #cast: Cast;
  readonly #cell: Cell;
  readonly #recorder: Recorder;
  readonly #signal: AbortSignal;
  readonly #processes = new Map<Role, SubjectProcess>();
  readonly #outputs: Promise<void>[] = [];
  readonly #begun = new Set<Role>();
  readonly #watches = new DisposableStack();

  constructor(plan: Plan, cast: Cast, cell: Cell, recorder: Recorder, signal: AbortSignal) {
    this.#plan = plan;
    this.#cast = cast;
    this.#cell = cell;
    this.#recorder = recorder;
    this.#signal = signal;
    recorder.listen((record) => this.progress.note(record));
    recorder.listen((record) => this.#readAtBeginning(record));
    recorder.listen((record) => this.#endFlood(record));
  }

  /** Those that were started, for faults that act on a process. */
  get processes(): ReadonlyMap<Role, SubjectProcess> {
    return this.#processes;
  }

  /** Starts a role; a command that can't be started is put on record, and then counts as ended. */
  async start(role: Role, host: string, port: number): Promise<void> {
    const subject = this.#cast[role];
    try {
      const started = await this.#cell.start(
        role,
        subject,
        environmentFor(this.#plan, role, host, port),
        this.#recorder.onContainer,
      );
      this.#processes.set(role, started);
      this.#recorder.record({ kind: 'spawned', role, pid: started.pid, command: [...subject.command] });
      this.#follow(started);
    } catch (error) {
      if (!(error instanceof SubjectUnstartable)) throw error;
      this.#recorder.record({ kind: 'unstartable', role, problem: error.message });
    }
  }

  #follow(started: SubjectProcess): void {
    const { role } = started;
    this.#watches.use(
      watchScheduling(
        () => started.waitedMs(),
        (lateMs) => this.#recorder.record({ kind: 'stalled', process: role, lateMs }),
      ),
    );
    this.#outputs.push(
      recordEvents(started.stdout, role, this.#recorder),
      keepLog(started.stderr, join(this.#recorder.folder, logFile(role))),
      this.#recordExit(started),
    );
  }

  /** Nobody may be able to tell how a process ended: then it is gone for this attempt, and that is no doing of its own. */
  async #recordExit({ role, exited }: SubjectProcess): Promise<void> {
    try {
      this.#recorder.record({ kind: 'exited', role, ...recordedExit(await exited) });
    } catch (error) {
      this.#recordFailure(error);
      this.#recorder.record({ kind: 'exited', role, status: null, signal: null });
    }
  }

  #recordFailure(error: unknown): void {
    this.#recorder.record({ kind: 'setup-failed', problem: messageOf(error), remedy: remedyOf(error) });
  }

  /** Waits for a condition within one of the plan's limits; a role that passes it is told so and ended. */
  async within(limit: 'start' | 'exchange' | 'grace', role: Role, condition: () => boolean): Promise<void> {
    const limitMs = this.#plan.limits[`${limit}Ms`];
    if ((await this.progress.until(condition, limitMs, this.#signal)) === 'met') return;
    this.#recorder.record({ kind: 'overdue', role, limit, limitMs });
    await this.#kill(role, 'overdue');
  }

  /** A role has begun with its first event: what it holds then is its own, not the exchange's. */
  #readAtBeginning(record: EvidenceRecord): void {
    if (record.kind !== 'event' || this.#begun.has(record.role)) return;
    this.#begun.add(record.role);
    this.read(record.role, 'begun');
  }

  /** A role that prints without end will not come to one. */
  #endFlood(record: EvidenceRecord): void {
    if (record.kind === 'flooded') this.#outputs.push(this.#kill(record.role, 'flood'));
  }

  /** Records what a role holds, where the kernel tells. */
  read(role: Role, moment: 'begun' | 'settled'): void {
    const pid = this.#processes.get(role)?.pid ?? null;
    if (pid === null || this.progress.exited(role)) return;
    const fromMs = this.#recorder.nowMs();
    // A server keeps its listener, a client that is done nothing; one that begins may be about to connect.
    const reading = readProcess(pid, role === 'server' ? 1 : moment === 'begun' ? null : 0);
    const tookMs = this.#recorder.nowMs() - fromMs;
    if (reading !== null) this.#recorder.record({ kind: 'reading', role, moment, tookMs, ...reading });
  }

  /** Ends the input of both, and waits for both to go. */
  async windDown(): Promise<void> {
    const running = [...this.#processes.values()].filter(({ role }) => !this.progress.exited(role));
    for (const subject of running) {
      subject.endInput();
      this.#recorder.record({ kind: 'input-ended', role: subject.role });
    }
    await Promise.all(running.map(({ role }) => this.within('grace', role, () => this.progress.exited(role))));
  }

  async #kill(role: Role, why: 'overdue' | 'flood' | 'cleanup'): Promise<void> {
    const subject = this.#processes.get(role);
    if (subject === undefined || this.progress.exited(role)) return;
    this.#recorder.record({ kind: 'signalled', role, signal: 'SIGKILL', why });
    try {
      await subject.kill();
    } catch (error) {
      this.#recordFailure(error);
    }
  }

  stopWatching(): void {
    this.#watches.dispose();
  }

  /** Kills what still runs, waits for the last of its output, and ends what it left running. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((role) => this.#kill(role, 'cleanup')));
    await Promise.all(this.#outputs);
    await Promise.all([...this.#processes.values()].map((subject) => this.#endLeftBehind(subject)));
  }

  async #endLeftBehind({ role, exited, endLeftBehind }: SubjectProcess): Promise<void> {
    const { leftBehind = [] } = await exited.catch(() => ({ leftBehind: [] }));
    const pids = [...new Set([...leftBehind, ...((await endLeftBehind?.()) ?? [])])];
    if (pids.length > 0) this.#recorder.record({ kind: 'left-behind', role, pids });
  }
}
