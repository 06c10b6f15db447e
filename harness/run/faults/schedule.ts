/**
 * Installs a plan's faults when their triggers come, and lifts them when their time is over.
 *
 * Owns the schedule; one fault's installing, lifting and receipt are `install.ts`.
 */
import type { Receipt } from '../../evidence/receipt.ts';
import type { EvidenceRecord } from '../../evidence/record.ts';
import type { PlannedFault, Trigger } from '../../scenario/fault.ts';
import { apart } from './apart.ts';
import type { EffectLog } from './effects.ts';
import { InstalledFault } from './install.ts';
import type { Scene } from './install.ts';

type EventTrigger = Extract<Trigger, { on: 'event' }>;

interface Waiting {
  readonly fault: InstalledFault;
  readonly trigger: EventTrigger;
  seen: number;
}

/** Whether a trigger has come by the time faults are armed: the server listens by then, and the client is yet to start. */
function isDue(trigger: Trigger): boolean {
  return trigger.on === 'before-connect' || (trigger.on === 'event' && trigger.event === 'listening');
}

export class FaultSchedule {
  readonly #faults: readonly InstalledFault[];
  readonly #waiting: Waiting[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #pending = new Set<Promise<void>>();
  readonly #effects: EffectLog;
  readonly #stopListening: () => void;
  #over = false;

  constructor(faults: readonly PlannedFault[], scene: Scene) {
    this.#effects = scene.effects;
    this.#faults = faults.map((fault) => new InstalledFault(fault, scene));
    for (const fault of this.#faults) {
      const trigger = fault.fault.when;
      if (trigger.on === 'event' && !isDue(trigger)) this.#waiting.push({ fault, trigger, seen: 0 });
    }
    this.#stopListening = scene.recorder.listen((record) => this.#note(record));
  }

  /** Installs what is armed before connect, in the plan's order, with what waited for a server that now listens. */
  async arm(): Promise<void> {
    await Promise.all(this.#faults.map((fault) => fault.prepare()));
    for (const group of apart(this.#faults.filter(({ fault }) => isDue(fault.when)))) {
      await Promise.all(group.map((fault) => this.#install(fault)));
    }
  }

  #note(record: EvidenceRecord): void {
    if (record.kind === 'spawned' && record.role === 'client') this.#startClocks();
    if (record.kind !== 'event') return;
    for (const waiting of this.#waiting) {
      const { role, event, nth } = waiting.trigger;
      if (record.role !== role || record.event.event !== event) continue;
      waiting.seen += 1;
      if (waiting.seen === nth) this.#track(this.#install(waiting.fault));
    }
  }

  /** Times count from the client's start. */
  #startClocks(): void {
    for (const fault of this.#faults) {
      const { when } = fault.fault;
      if (when.on === 'time') this.#after(when.afterMs, () => this.#install(fault));
    }
  }

  async #install(fault: InstalledFault): Promise<void> {
    await fault.install();
    const { forMs } = fault.fault;
    if (forMs === undefined || this.#over) return;
    if (fault.tellsEffect) this.#effects.whenBitten(fault.fault.id, () => this.#liftAfter(fault, forMs));
    else this.#liftAfter(fault, forMs);
  }

  #liftAfter(fault: InstalledFault, forMs: number): void {
    this.#after(forMs, () => fault.lift());
  }

  #after(delayMs: number, act: () => Promise<void>): void {
    if (this.#over) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#track(act());
    }, delayMs);
    this.#timers.add(timer);
  }

  #track(work: Promise<void>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }

  /** Lifts every fault that is in force, latest first. Failures stand in the receipts. */
  async liftAll(): Promise<void> {
    this.#over = true;
    this.#stopListening();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#pending);
    for (const group of apart(this.#faults.toReversed())) await Promise.all(group.map((fault) => fault.lift()));
  }

  /** Kinds of the faults that are in force at this moment. */
  inForce(): string[] {
    return this.#faults.filter((each) => each.isInForce).map(({ fault }) => fault.kind);
  }

  receipts(): Receipt[] {
    return this.#faults.map((fault) => fault.receipt());
  }
}
