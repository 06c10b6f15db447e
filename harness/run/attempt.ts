/**
 * Carries out one plan in a cell and leaves its evidence in a folder.
 *
 * Owns the order of steps: server, proxy, faults armed before connect, client, faults on events, ends, receipts. What
 * a step does with the two programs is the players' part. It passes no judgement: whatever happens is written down and
 * the attempt goes on to its end.
 */
import type { Plan } from '../evidence/plan.ts';
import type { Cast, Cell } from './cell.ts';
import { watchScheduling } from './canary.ts';
import { enact, LAST_EVENT_MS } from './enact.ts';
import { EffectLog } from './faults/effects.ts';
import type { Scene } from './faults/install.ts';
import { prepareNetwork } from './faults/network-action.ts';
import { FaultSchedule } from './faults/schedule.ts';
import type { AttemptView, HeldAttempt, Onlooker, Phase } from './onlooker.ts';
import { Players } from './players.ts';
import { Recorder } from './recorder.ts';
import { messageOf, remedyOf } from './run-error.ts';

/** After the faults are lifted a server gets this long to see what it was kept from seeing. */
const AFTER_LIFT_MS = 500;

/** Where a plan is carried out, and who looks on. */
export interface Stage {
  readonly cell: Cell;
  /** Where the evidence goes; created. */
  readonly folder: string;
  readonly onlooker?: Onlooker;
}

/**
 * Runs a plan.
 *
 * @param signal aborting it ends the attempt, with everything it started
 * @throws {RunError} only where evidence cannot be written; every other failure is in the evidence
 */
export async function runAttempt(plan: Plan, cast: Cast, stage: Stage, signal: AbortSignal): Promise<void> {
  const recorder = await Recorder.open(stage.folder, plan);
  const attempt = new Attempt(plan, cast, stage, recorder, signal);
  stage.onlooker?.begun?.(() => attempt.view());
  await enact(attempt, recorder, signal);
}

class Attempt {
  readonly #cell: Cell;
  readonly #onlooker: Onlooker;
  readonly #plan: Plan;
  readonly #cast: Cast;
  readonly #recorder: Recorder;
  readonly #signal: AbortSignal;
  readonly #players: Players;
  readonly #effects = new EffectLog();
  readonly #proxyName: string;
  #proxyMade = false;
  #proxyWatch: Disposable | null = null;
  #faults: FaultSchedule | null = null;
  #phase: Phase = 'starting';
  readonly #dialed = new Set<number>();
  /** Connections that will never reach the server. */
  readonly #undialed = new Set<number>();

  constructor(plan: Plan, cast: Cast, { cell, onlooker = {} }: Stage, recorder: Recorder, signal: AbortSignal) {
    this.#plan = plan;
    this.#cast = cast;
    this.#cell = cell;
    this.#onlooker = onlooker;
    this.#recorder = recorder;
    this.#signal = signal;
    this.#proxyName = `p${recorder.originMicros}`;
    this.#players = new Players(plan, cast, cell, recorder, signal);
  }

  /** How far it is, at this moment. */
  view(): AttemptView {
    return { phase: this.#phase, faults: this.#faults?.inForce() ?? [] };
  }

  async carryOut(): Promise<void> {
    const clock = await this.#cell.readClock();
    if (clock !== null) this.#recorder.record({ kind: 'clock', ...clock });
    const { kernel = 'stock', resources = {} } = this.#plan;
    await this.#cell.makeRoom({ kernel, resources }, this.#cast);
    const port = await this.#startServer();
    if (port !== null) await this.#exchange(port);
    await this.#players.windDown();
    await this.#removeProxy();
  }

  receipts(): ReturnType<FaultSchedule['receipts']> {
    return this.#faults?.receipts() ?? [];
  }

  /** The server's port, or `null` where there is no server to talk to. */
  async #startServer(): Promise<number | null> {
    // What faults of the network need may take half a second to start too.
    const prepared = prepareNetwork(this.#plan.faults, this.#cell);
    try {
      await this.#players.start('server', this.#cell.serverHost, 0);
      const listening = (): boolean =>
        this.#players.progress.listeningPort() !== null || this.#players.progress.exited('server');
      await this.#players.within('start', 'server', listening);
      return this.#players.progress.exited('server') ? null : this.#players.progress.listeningPort();
    } finally {
      await prepared;
    }
  }

  async #exchange(serverPort: number): Promise<void> {
    const watch = this.#cell.watch(this.#proxyName, (event) => this.#onWire(event), this.#recorder.originMicros);
    try {
      const proxyPort = await this.#makeProxy(serverPort);
      this.#faults = new FaultSchedule(this.#plan.faults, this.#scene(proxyPort));
      await this.#faults.arm();
      this.#phase = 'exchange';
      await this.#players.start('client', this.#cell.proxyHost, proxyPort);
      await this.#players.within('exchange', 'client', () => this.#players.progress.clientFinished());
      await this.#onlooker.hold?.(this.#held(serverPort, proxyPort));
      await this.#settle(this.#faults);
      await this.#removeProxy();
      await watch?.ended(AbortSignal.any([this.#signal, AbortSignal.timeout(LAST_EVENT_MS)]));
    } finally {
      watch?.stop();
    }
  }

  #held(serverPort: number, proxyPort: number): HeldAttempt {
    return {
      serverAt: this.#cell.upstream(serverPort),
      proxyAt: `${this.#cell.proxyHost}:${proxyPort}`,
      processes: [...this.#players.processes.values()].map(({ role, pid }) => ({
        role,
        pid,
        ended: this.#players.progress.exited(role),
      })),
      faults: this.view().faults,
      waysIn: this.#cell.waysIn(),
    };
  }

  /** Puts the proxy between the two; returns the port it listens on. */
  async #makeProxy(serverPort: number): Promise<number> {
    const made = await this.#cell.control.createProxy(
      { name: this.#proxyName, listen: this.#cell.proxyListen, upstream: this.#cell.upstream(serverPort) },
      this.#signal,
    );
    this.#proxyMade = true;
    this.#proxyWatch = watchScheduling(
      () => this.#cell.proxyWaitedMs(),
      (lateMs) => this.#recorder.record({ kind: 'stalled', process: 'proxy', lateMs }),
    );
    return made.value.port;
  }

  #scene(proxyPort: number): Scene {
    return {
      cell: this.#cell,
      recorder: this.#recorder,
      proxyName: this.#proxyName,
      proxyPort,
      processes: this.#players.processes,
      effects: this.#effects,
    };
  }

  /** Lets the server come to its own end, first under the faults, then with the faults lifted. */
  async #settle(faults: FaultSchedule): Promise<void> {
    this.#phase = 'settling';
    const settled = (): boolean => this.#players.progress.serverSettled(this.#arrivals());
    await this.#players.progress.until(settled, this.#plan.limits.settleMs, this.#signal);
    await faults.liftAll();
    await this.#players.progress.until(settled, AFTER_LIFT_MS, this.#signal);
    this.#players.read('server', 'settled');
    this.#players.read('client', 'settled');
    this.#phase = 'winding down';
    // The proxy goes only once both ends have had their say; input ends while it still carries what they say.
    await this.#players.windDown();
  }

  /** Connections that are known to have reached the server. */
  #arrivals(): number {
    // The proxy may still be dialing for a client that is done already.
    return Math.max(this.#dialed.size, this.#players.progress.count('client', 'connected') - this.#undialed.size);
  }

  #onWire(event: Parameters<Recorder['wire']>[0]): void {
    this.#recorder.wire(event);
    this.#effects.note(event);
    if (event.kind === 'dialed') this.#dialed.add(event.conn);
    if (this.#endsUndialed(event)) this.#undialed.add(event.conn);
    this.#players.progress.recheck();
  }

  /** Real Toxiproxy dials on for a client that has closed already; the wire proxy does not. */
  #endsUndialed(event: Parameters<Recorder['wire']>[0]): event is Extract<typeof event, { conn: number }> {
    if (event.kind === 'dial-failed') return true;
    return event.kind === 'closed' && this.#cell.proxy === 'wire' && !this.#dialed.has(event.conn);
  }

  async #removeProxy(): Promise<void> {
    if (!this.#proxyMade) return;
    this.#proxyMade = false;
    await this.#cell.control.removeProxy(this.#proxyName);
  }

  /** Leaves nothing behind, whatever step the attempt stopped at. */
  async cleanUp(): Promise<void> {
    this.#phase = 'ending';
    this.#players.stopWatching();
    this.#proxyWatch?.[Symbol.dispose]();
    await this.#faults?.liftAll();
    await this.#players.killAll();
    await this.#removeProxy().catch((error: unknown) => {
      this.#recorder.record({ kind: 'setup-failed', problem: messageOf(error), remedy: remedyOf(error) });
    });
  }
}
