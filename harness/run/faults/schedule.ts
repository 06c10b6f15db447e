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

/**
 * How long after the arming a trigger comes whose event lies before it: the server listens by then, and the client is yet to
 * start. `null`: its event is still to come.
 */
function dueInMs(trigger: Trigger): number | null {
  if (trigger.on === 'before-connect') return 0;
  return trigger.on === 'event' && trigger.event === 'listening' ? trigger.afterMs : null;
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
      if (trigger.on === 'event' && dueInMs(trigger) === null) this.#waiting.push({ fault, trigger, seen: 0 });
    }
    this.#stopListening = scene.recorder.listen((record) => this.#note(record));
  }

  /** Installs what is armed before connect, in the plan's order, with what waited for a server that now listens. */
  async arm(): Promise<void> {
    for (const group of apart(this.#faults.filter(({ fault }) => dueInMs(fault.when) === 0))) {
      await Promise.all(group.map((fault) => this.#install(fault)));
    }
    for (const fault of this.#faults) {
      const delayMs = dueInMs(fault.fault.when) ?? 0;
      if (delayMs > 0) this.#after(delayMs, () => this.#install(fault));
    }
  }

  #note(record: EvidenceRecord): void {
    if (record.kind === 'spawned' && record.role === 'client') this.#startClocks();
    if (record.kind !== 'event') return;
    for (const waiting of this.#waiting) {
      const { role, event, nth, afterMs } = waiting.trigger;
      if (record.role !== role || record.event.event !== event) continue;
      waiting.seen += 1;
      if (waiting.seen !== nth) continue;
      if (afterMs > 0) this.#after(afterMs, () => this.#install(waiting.fault));
      else this.#track(this.#install(waiting.fault));
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
