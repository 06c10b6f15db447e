/**
 * Carries out one plan in a cell and leaves its evidence in a folder.
 *
 * Owns the order of steps: server, proxy, faults armed before connect, client, faults on events, ends, receipts. It
 * passes no judgement: whatever happens is written down and the attempt goes on to its end.
 */
import { join } from 'node:path';

import { logFile } from '../evidence/folder.ts';
import type { Plan } from '../evidence/plan.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import type { Role } from '../contract/words.ts';
import type { Cell, Subject, SubjectProcess } from './cell.ts';
import { SubjectUnstartable } from './cell.ts';
import { startCanary, watchScheduling } from './canary.ts';
import { environmentFor } from './environment.ts';
import { EffectLog } from './faults/effects.ts';
import { FaultSchedule } from './faults/schedule.ts';
import { keepLog, recordEvents } from './output.ts';
import { readProcess } from './process-reading.ts';
import { Progress } from './progress.ts';
import { Recorder } from './recorder.ts';
import { messageOf, RunError } from './run-error.ts';

/** After the faults are lifted a server gets this long to see what it was kept from seeing. */
const AFTER_LIFT_MS = 500;
/** A removed proxy's last event comes at once, or the proxy is gone. */
const LAST_EVENT_MS = 1_000;

/** The programs of an attempt. */
export type Cast = Readonly<Record<Role, Subject>>;

/**
 * Runs a plan.
 *
 * @param folder where the evidence goes; created
 * @param signal aborting it ends the attempt, with everything it started
 * @throws {RunError} only where evidence cannot be written; every other failure is in the evidence
 */
export async function runAttempt(
  plan: Plan,
  cast: Cast,
  cell: Cell,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const recorder = await Recorder.open(folder, plan);
  const attempt = new Attempt(plan, cast, cell, recorder, signal);
  const canary = startCanary((lateMs) => recorder.record({ kind: 'stalled', process: 'harness', lateMs }));
  try {
    await attempt.carryOut();
    recorder.record({ kind: 'finished' });
  } catch (error) {
    if (signal.aborted) recorder.record({ kind: 'interrupted', signal: String(signal.reason) });
    else recorder.record({ kind: 'setup-failed', problem: messageOf(error), remedy: remedyOf(error) });
  } finally {
    await attempt.cleanUp();
    canary[Symbol.dispose]();
    await recorder.close(attempt.receipts());
  }
}

function remedyOf(error: unknown): string {
  return error instanceof RunError ? error.remedy : 'run "halfopen doctor", then this scenario alone';
}

class Attempt {
  readonly #plan: Plan;
  readonly #cast: Cast;
  readonly #cell: Cell;
  readonly #recorder: Recorder;
  readonly #signal: AbortSignal;
  readonly #progress = new Progress();
  readonly #effects = new EffectLog();
  readonly #processes = new Map<Role, SubjectProcess>();
  readonly #outputs: Promise<void>[] = [];
  readonly #begun = new Set<Role>();
  readonly #watches = new DisposableStack();
  readonly #proxyName: string;
  #faults: FaultSchedule | null = null;
  #proxyMade = false;
  readonly #dialed = new Set<number>();
  #undialed = 0;

  constructor(plan: Plan, cast: Cast, cell: Cell, recorder: Recorder, signal: AbortSignal) {
    this.#plan = plan;
    this.#cast = cast;
    this.#cell = cell;
    this.#recorder = recorder;
    this.#signal = signal;
    this.#proxyName = `p${recorder.originMicros}`;
    recorder.listen((record) => this.#progress.note(record));
    recorder.listen((record) => this.#readAtBeginning(record));
  }

  async carryOut(): Promise<void> {
    const port = await this.#startServer();
    if (port !== null) await this.#exchange(port);
    await this.#windDown();
    await this.#removeProxy();
  }

  receipts(): ReturnType<FaultSchedule['receipts']> {
    return this.#faults?.receipts() ?? [];
  }

  /** The server's port, or `null` where there is no server to talk to. */
  async #startServer(): Promise<number | null> {
    await this.#start('server', this.#cell.serverHost, 0);
    const listening = (): boolean => this.#progress.listeningPort() !== null || this.#progress.exited('server');
    await this.#within('start', 'server', listening);
    return this.#progress.exited('server') ? null : this.#progress.listeningPort();
  }

  async #exchange(serverPort: number): Promise<void> {
    const { control } = this.#cell;
    const watch = this.#cell.watch(this.#proxyName, (event) => this.#onWire(event), this.#recorder.originMicros);
    try {
      const made = await control.createProxy(
        { name: this.#proxyName, listen: this.#cell.proxyListen, upstream: this.#cell.upstream(serverPort) },
        this.#signal,
      );
      this.#proxyMade = true;
      const scene = {
        cell: this.#cell,
        recorder: this.#recorder,
        proxyName: this.#proxyName,
        proxyPort: made.value.port,
        processes: this.#processes,
        effects: this.#effects,
      };
      this.#watchScheduling('proxy', () => this.#cell.proxyWaitedMs());
      this.#faults = new FaultSchedule(this.#plan.faults, scene);
      await this.#faults.arm();
      await this.#start('client', this.#cell.proxyHost, made.value.port);
      await this.#within('exchange', 'client', () => this.#progress.clientFinished());
      await this.#settle(this.#faults);
      await this.#removeProxy();
      await watch?.ended(AbortSignal.any([this.#signal, AbortSignal.timeout(LAST_EVENT_MS)]));
    } finally {
      watch?.stop();
    }
  }

  /** Lets the server come to its own end, first under the faults, then with the faults lifted. */
  async #settle(faults: FaultSchedule): Promise<void> {
    const settled = (): boolean => this.#progress.serverSettled(this.#arrivals());
    await this.#progress.until(settled, this.#plan.limits.settleMs, this.#signal);
    await faults.liftAll();
    await this.#progress.until(settled, AFTER_LIFT_MS, this.#signal);
    this.#read('server', 'settled');
    this.#read('client', 'settled');
    // The proxy goes only once both ends have had their say; input ends while it still carries what they say.
    await this.#windDown();
  }

  /** Connections that are known to have reached the server. */
  #arrivals(): number {
    // The proxy may still be dialing for a client that is done already.
    return Math.max(this.#dialed.size, this.#progress.count('client', 'connected') - this.#undialed);
  }

  #onWire(event: Parameters<Recorder['wire']>[0]): void {
    this.#recorder.wire(event);
    this.#effects.note(event);
    if (event.kind === 'dialed') this.#dialed.add(event.conn);
    if (event.kind === 'closed' && !this.#dialed.has(event.conn)) this.#undialed += 1;
    this.#progress.recheck();
  }

  async #start(role: Role, host: string, port: number): Promise<void> {
    const subject = this.#cast[role];
    try {
      const started = await this.#cell.start(role, subject, environmentFor(this.#plan, role, host, port));
      this.#processes.set(role, started);
      this.#recorder.record({ kind: 'spawned', role, pid: started.pid, command: [...subject.command] });
      this.#watchScheduling(role, () => started.waitedMs());
      this.#outputs.push(
        recordEvents(started.stdout, role, this.#recorder),
        keepLog(started.stderr, join(this.#recorder.folder, logFile(role))),
        started.exited.then((exit) => this.#recorder.record({ kind: 'exited', role, ...exit })),
      );
    } catch (error) {
      if (!(error instanceof SubjectUnstartable)) throw error;
      this.#recorder.record({ kind: 'unstartable', role, problem: error.message });
    }
  }

  #watchScheduling(process: Role | 'proxy', waitedMs: () => number | null): void {
    this.#watches.use(
      watchScheduling(waitedMs, (lateMs) => this.#recorder.record({ kind: 'stalled', process, lateMs })),
    );
  }

  /** A role has begun with its first event: what it holds then is its own, not the exchange's. */
  #readAtBeginning(record: EvidenceRecord): void {
    if (record.kind !== 'event' || this.#begun.has(record.role)) return;
    this.#begun.add(record.role);
    this.#read(record.role, 'begun');
  }

  /** Records what a role holds, where the kernel tells. */
  #read(role: Role, moment: 'begun' | 'settled'): void {
    const pid = this.#processes.get(role)?.pid ?? null;
    if (pid === null || this.#progress.exited(role)) return;
    const fromMs = this.#recorder.nowMs();
    // A server keeps its listener, a client that is done nothing.
    const reading = readProcess(pid, moment === 'begun' ? null : role === 'server' ? 1 : 0);
    const tookMs = this.#recorder.nowMs() - fromMs;
    if (reading !== null) this.#recorder.record({ kind: 'reading', role, moment, tookMs, ...reading });
  }

  /** Waits for a condition within one of the plan's limits; a role that passes it is told so and ended. */
  async #within(limit: 'start' | 'exchange' | 'grace', role: Role, condition: () => boolean): Promise<void> {
    const limitMs = this.#plan.limits[`${limit}Ms`];
    if ((await this.#progress.until(condition, limitMs, this.#signal)) === 'met') return;
    this.#recorder.record({ kind: 'overdue', role, limit, limitMs });
    await this.#end(role, 'overdue');
  }

  /** Ends the input of both, and waits for both to go. */
  async #windDown(): Promise<void> {
    const running = [...this.#processes.values()].filter(({ role }) => !this.#progress.exited(role));
    for (const subject of running) {
      subject.endInput();
      this.#recorder.record({ kind: 'input-ended', role: subject.role });
    }
    await Promise.all(running.map(({ role }) => this.#within('grace', role, () => this.#progress.exited(role))));
  }

  async #end(role: Role, why: 'overdue' | 'cleanup'): Promise<void> {
    const subject = this.#processes.get(role);
    if (subject === undefined || this.#progress.exited(role)) return;
    this.#recorder.record({ kind: 'signalled', role, signal: 'SIGKILL', why });
    await subject.kill();
  }

  async #removeProxy(): Promise<void> {
    if (!this.#proxyMade) return;
    this.#proxyMade = false;
    await this.#cell.control.removeProxy(this.#proxyName);
  }

  /** Leaves nothing behind, whatever step the attempt stopped at. */
  async cleanUp(): Promise<void> {
    this.#watches.dispose();
    await this.#faults?.liftAll();
    await Promise.all([...this.#processes.keys()].map((role) => this.#end(role, 'cleanup')));
    await Promise.all(this.#outputs);
    await this.#removeProxy().catch((error: unknown) => {
      this.#recorder.record({ kind: 'setup-failed', problem: messageOf(error), remedy: remedyOf(error) });
    });
  }
}
