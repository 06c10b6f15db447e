/**
 * Installs a planned fault and keeps its receipt.
 *
 * Owns asking, lifting and the receipt of both; how a cell delivers a fault belongs to the cell, whether it counts to
 * the judge. A fault that cannot be installed or lifted is recorded, never passed over.
 */
import type { Receipt } from '../../evidence/receipt.ts';
import { isNetworkFault } from '../../scenario/fault.ts';
import type { PlannedFault, ScriptFault } from '../../scenario/fault.ts';
import type { Cell, Delivery, SubjectProcess } from '../cell.ts';
import type { Role } from '../../contract/words.ts';
import type { Recorder } from '../recorder.ts';
import { messageOf } from '../run-error.ts';
import { describeEffect } from './effects.ts';
import type { EffectLog } from './effects.ts';
import { networkAction } from './network-action.ts';
import { isProcessFault, processAction } from './process-action.ts';
import { wireToxic } from './wire-toxic.ts';
import type { ToxicFault } from './wire-toxic.ts';
import { ScriptLog } from './script-proof.ts';

/** What a fault is done to. */
export interface Scene {
  readonly cell: Cell;
  readonly recorder: Recorder;
  readonly proxyName: string;
  readonly proxyPort: number;
  readonly processes: ReadonlyMap<Role, SubjectProcess>;
  readonly effects: EffectLog;
}

/** How one kind of fault is put into effect and taken back. */
export interface Action {
  readonly request: string;
  /** Puts it into effect; a delivery where that is known at once. */
  install(): Promise<{ answer: string; delivery: Delivery | null }>;
  /** Takes it back, with a delivery where only its end proves it; `null` where nothing can. */
  readonly lift: (() => Promise<Delivery | null>) | null;
}

/** A fault in force. Lifting it twice lifts it once. */
export class InstalledFault {
  readonly fault: PlannedFault;
  readonly #scene: Scene;
  readonly #action: Action;
  readonly #script: ScriptLog | null;
  #receipt: Receipt;
  #lifting: Promise<void> | null = null;

  constructor(fault: PlannedFault, scene: Scene) {
    this.fault = fault;
    this.#scene = scene;
    this.#action = actionFor(fault, scene);
    this.#script = scriptLog(fault, scene);
    this.#receipt = {
      fault: fault.id,
      kind: fault.kind,
      asked: null,
      acknowledged: null,
      delivered: null,
      lifted: null,
      error: null,
    };
  }

  /** Whether the proxy will tell of its first effect; else it is in effect once it is installed. */
  get tellsEffect(): boolean {
    return this.#scene.cell.proxy === 'wire' && isToxic(this.fault);
  }

  /** Whether it was acknowledged and is not lifted. */
  get isInForce(): boolean {
    return this.#receipt.acknowledged !== null && this.#receipt.lifted === null;
  }

  /** Asks for the fault. Never throws: the receipt says what went wrong. */
  async install(): Promise<void> {
    const { recorder } = this.#scene;
    this.#receipt.asked = { atMs: recorder.nowMs(), request: this.#action.request };
    try {
      const { answer, delivery } = await this.#action.install();
      this.#receipt.acknowledged = { atMs: recorder.nowMs(), answer };
      this.#note(delivery);
    } catch (error) {
      this.#receipt.error = { step: 'install', message: messageOf(error) };
    }
  }

  #note(delivery: Delivery | null): void {
    if (delivery === null) return;
    const { recorder } = this.#scene;
    const { count = 1, grade, proof } = delivery;
    this.#receipt.delivered = {
      earliestMs: recorder.toAttemptMs(delivery.earliestMs),
      latestMs: recorder.toAttemptMs(delivery.latestMs),
      count,
      grade,
      proof,
    };
  }

  /** Takes the fault back, where that can be done. Never throws. */
  lift(): Promise<void> {
    this.#lifting ??= this.#lift();
    return this.#lifting;
  }

  async #lift(): Promise<void> {
    if (this.#action.lift === null || this.#receipt.acknowledged === null) return;
    const askedAtMs = this.#scene.recorder.nowMs();
    this.#receipt.lifted = { askedAtMs, acknowledgedAtMs: null };
    try {
      this.#note(await this.#action.lift());
      this.#receipt.lifted = { askedAtMs, acknowledgedAtMs: this.#scene.recorder.nowMs() };
    } catch (error) {
      this.#receipt.error ??= { step: 'lift', message: messageOf(error) };
    }
  }

  /** The receipt, complete once the proxy's last event has been taken in. */
  receipt(): Receipt {
    const played = this.#script?.proof() ?? null;
    if (played !== null) return { ...this.#receipt, delivered: { ...played, grade: 'self' } };
    const effect = this.#scene.effects.of(this.fault.id);
    if (this.#receipt.delivered !== null || effect === null) return this.#receipt;
    const atMs = effect.first.atMs;
    return {
      ...this.#receipt,
      delivered: {
        earliestMs: atMs,
        latestMs: atMs,
        count: effect.count,
        grade: this.#scene.cell.effectGrade,
        proof: describeEffect(effect),
      },
    };
  }
}

const NOT_A_TOXIC: ReadonlySet<PlannedFault['kind']> = new Set(['refuse', 'hang-connect', 'script']);

/** Faults of the proxy as a whole, or of a process, are in effect at once. */
function isToxic(fault: PlannedFault): boolean {
  return !isNetworkFault(fault) && !isProcessFault(fault) && !NOT_A_TOXIC.has(fault.kind);
}

function actionFor(fault: PlannedFault, scene: Scene): Action {
  if (isNetworkFault(fault)) return networkAction(fault, scene);
  if (fault.kind === 'refuse') return refuse(scene);
  if (fault.kind === 'hang-connect')
    return scene.cell.network === null ? hangConnect(scene) : networkAction(fault, scene);
  if (isProcessFault(fault)) return processAction(fault, scene);
  if (fault.kind === 'script') return script(fault);
  return toxic(fault, scene);
}

function toxic(fault: ToxicFault, { cell, proxyName }: Scene): Action {
  const request = wireToxic(fault);
  return {
    request: `add toxic ${JSON.stringify(request)}`,
    install: async () => {
      await cell.control.addToxic(proxyName, request);
      return { answer: 'toxic added', delivery: null };
    },
    lift: async () => {
      await cell.control.removeToxic(proxyName, fault.id);
      return null;
    },
  };
}

function refuse({ cell, proxyName, proxyPort }: Scene): Action {
  return {
    request: `disable proxy ${proxyName}`,
    install: async () => {
      const { askedAtMs } = await cell.control.updateProxy(proxyName, { enabled: false });
      const delivery = await cell.proveRefused(proxyPort);
      // Connections that stood are ended before the call returns.
      return { answer: 'proxy disabled', delivery: delivery && { ...delivery, earliestMs: askedAtMs } };
    },
    lift: async () => {
      await cell.control.updateProxy(proxyName, { enabled: true });
      return null;
    },
  };
}

function hangConnect({ cell, proxyName }: Scene): Action {
  return {
    request: `let connects to proxy ${proxyName} hang`,
    install: async () => {
      const { askedAtMs, acknowledgedAtMs } = await cell.control.updateProxy(proxyName, { hang: true });
      const proof = 'the proxy has filled the queue of a listener that nobody accepts from';
      return {
        answer: 'queue filled',
        delivery: { earliestMs: askedAtMs, latestMs: acknowledgedAtMs, grade: 'self', proof },
      };
    },
    lift: async () => {
      await cell.control.updateProxy(proxyName, { hang: false });
      return null;
    },
  };
}

/** The peer has its script from its start. */
function script({ role, steps }: ScriptFault): Action {
  return {
    request: `let the scripted peer play the ${role}: ${steps.length} steps`,
    install: () => Promise.resolve({ answer: 'the peer has its script', delivery: null }),
    lift: null,
  };
}

function scriptLog(fault: PlannedFault, { recorder }: Scene): ScriptLog | null {
  if (fault.kind !== 'script') return null;
  const log = new ScriptLog(fault, (stampMicros) => recorder.toAttemptMs(stampMicros / 1000));
  recorder.listen((record) => log.note(record));
  return log;
}
