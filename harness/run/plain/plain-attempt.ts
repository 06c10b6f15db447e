/**
 * Carries out one plan with plain subjects: one server, and its client started anew for each round.
 *
 * Owns the order: server, proxy, then without faults twice, or under the faults and once more when they are lifted. As with
 * subjects that keep the contract, whatever happens is written down and nothing is judged.
 */
import { join } from 'node:path';

import type { PlainClient, PlainServer } from '../../contract/plain-subject.ts';
import type { Role } from '../../contract/words.ts';
import type { PlainPlan } from '../../evidence/plan.ts';
import type { Round } from '../../evidence/record.ts';
import { watchScheduling } from '../canary.ts';
import type { Cell, SubjectProcess } from '../cell.ts';
import { enact, LAST_EVENT_MS } from '../enact.ts';
import { EffectLog } from '../faults/effects.ts';
import { prepareNetwork } from '../faults/network-action.ts';
import { FaultSchedule } from '../faults/schedule.ts';
import { Recorder } from '../recorder.ts';
import { notWritten } from '../run-error.ts';
import { takeOutput } from './plain-output.ts';
import type { Output } from './plain-output.ts';
import { PlainProgram } from './plain-program.ts';
import type { Address } from './plain-program.ts';
import { PlainServerPlace } from './plain-server.ts';

/** The programs of a plain attempt, with their names. */
export interface PlainCast {
  readonly server: { readonly name: string; readonly program: PlainServer };
  readonly client: { readonly name: string; readonly program: PlainClient };
}

/**
 * Runs a plan with plain subjects.
 *
 * @param folder where the evidence goes; created
 * @param signal aborting it ends the attempt, with everything it started
 * @throws {RunError} only where evidence cannot be written; every other failure is in the evidence
 */
export async function runPlainAttempt(
  plan: PlainPlan,
  cast: PlainCast,
  cell: Cell,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const recorder = await Recorder.open(folder, plan);
  const attempt = new PlainAttempt(plan, cast, cell, recorder, signal);
  await enact(attempt, recorder, signal);
}

class PlainAttempt {
  readonly #plan: PlainPlan;
  readonly #cast: PlainCast;
  readonly #cell: Cell;
  readonly #recorder: Recorder;
  readonly #signal: AbortSignal;
  readonly #server: PlainServerPlace;
  readonly #effects = new EffectLog();
  readonly #processes = new Map<Role, SubjectProcess>();
  readonly #cleaning = new AsyncDisposableStack();
  #client: PlainProgram | null = null;
  #faults: FaultSchedule | null = null;

  constructor(plan: PlainPlan, cast: PlainCast, cell: Cell, recorder: Recorder, signal: AbortSignal) {
    this.#plan = plan;
    this.#cast = cast;
    this.#cell = cell;
    this.#recorder = recorder;
    this.#signal = signal;
    this.#server = new PlainServerPlace(cell, cast.server.name, cast.server.program, recorder);
  }

  async carryOut(): Promise<void> {
    const clock = await this.#cell.readClock();
    if (clock !== null) this.#recorder.record({ kind: 'clock', ...clock });
    const upstream = await this.#server.start(this.#signal);
    if (upstream !== null) await this.#exchange(upstream);
    await this.#server.end();
  }

  receipts(): ReturnType<FaultSchedule['receipts']> {
    return this.#faults?.receipts() ?? [];
  }

  async #exchange(upstream: string): Promise<void> {
    const name = `p${this.#recorder.originMicros}`;
    const watch = this.#cell.watch(
      name,
      (event) => {
        this.#recorder.wire(event);
        this.#effects.note(event);
      },
      this.#recorder.originMicros,
    );
    this.#cleaning.defer(() => watch?.stop());
    const port = await this.#makeProxy(name, upstream);
    this.#faults = new FaultSchedule(this.#plan.faults, {
      cell: this.#cell,
      recorder: this.#recorder,
      proxyName: name,
      proxyPort: port,
      processes: this.#processes,
      effects: this.#effects,
    });
    if (this.#server.program !== null) this.#processes.set('server', this.#server.program.process);
    await this.#server.readAtFirst();
    await this.#rounds(this.#faults, { host: this.#cell.proxyHost, port });
    await this.#server.readSettled(this.#signal);
    await this.#cell.control.removeProxy(name);
    await watch?.ended(AbortSignal.any([this.#signal, AbortSignal.timeout(LAST_EVENT_MS)]));
  }

  async #makeProxy(name: string, upstream: string): Promise<number> {
    const made = await this.#cell.control.createProxy({ name, listen: this.#cell.proxyListen, upstream }, this.#signal);
    // A proxy that the exchange has removed already is gone, and that is all that is wanted.
    this.#cleaning.defer(async () => {
      await this.#cell.control.removeProxy(name).catch(() => undefined);
    });
    this.#cleaning.use(
      watchScheduling(
        () => this.#cell.proxyWaitedMs(),
        (lateMs) => this.#recorder.record({ kind: 'stalled', process: 'proxy', lateMs }),
      ),
    );
    return made.value.port;
  }

  async #rounds(faults: FaultSchedule, proxy: Address): Promise<void> {
    if (this.#plan.variant === 'control') {
      await this.#round('control', proxy);
      await this.#round('control-again', proxy);
      return;
    }
    await prepareNetwork(this.#plan.faults, this.#cell);
    await faults.arm();
    await this.#round('fault', proxy);
    await faults.liftAll();
    await this.#round('after', proxy);
  }

  /** Runs the client to its end, or to the end of its time. */
  async #round(round: Round, address: Address): Promise<void> {
    this.#signal.throwIfAborted();
    this.#recorder.record({ kind: 'round', round });
    const what = { role: 'client', ...this.#cast.client, address, log: logOf(round) } as const;
    const client = await PlainProgram.start(this.#cell, what, this.#recorder);
    if (client === null) return;
    this.#client = client;
    this.#processes.set('client', client.process);
    // It reads what a terminal would give it: nothing.
    client.process.endInput();
    const output = this.#keepOutput(client, round);
    await this.#untilEnded(client);
    this.#client = null;
    this.#recorder.record({ kind: 'output', round, ...(await output) });
  }

  /** That it cannot be kept is told to whoever waits for it; if nobody does any more, it has come to its end all the same. */
  #keepOutput({ process }: PlainProgram, round: Round): Promise<Output> {
    const { folder } = this.#recorder;
    const output = takeOutput(process.stdout, join(folder, `${round}.out`)).catch((error: unknown) => {
      throw notWritten(folder, error);
    });
    const over = output.then(
      () => undefined,
      () => undefined,
    );
    this.#cleaning.defer(() => over);
    return output;
  }

  async #untilEnded(client: PlainProgram): Promise<void> {
    const limitMs = this.#plan.limits.exchangeMs;
    const timer = new AbortController();
    const late = new Promise<null>((resolve) => {
      const stop = AbortSignal.any([this.#signal, timer.signal]);
      const clock = setTimeout(() => resolve(null), limitMs);
      stop.addEventListener('abort', () => {
        clearTimeout(clock);
        resolve(null);
      });
    });
    const exit = await Promise.race([client.ended, late]);
    timer.abort();
    this.#signal.throwIfAborted();
    if (exit !== null) return client.endOrphans(exit);
    this.#recorder.record({ kind: 'overdue', role: 'client', limit: 'exchange', limitMs });
    await client.kill('overdue');
  }

  /** Leaves nothing behind, whatever step the attempt stopped at. */
  async cleanUp(): Promise<void> {
    await this.#faults?.liftAll();
    await this.#client?.kill('cleanup');
    await this.#server.end();
    await this.#cleaning.disposeAsync();
  }
}

/** The rounds that matter most have the file that the report shows. */
function logOf(round: Round): string {
  return round === 'control' || round === 'fault' ? 'client.log' : `client.${round}.log`;
}
