/**
 * Writes the evidence of one attempt as it arrives, and tells whoever waits for it.
 *
 * Owns the attempt's zero of time and the order of arrival; it draws no conclusion from what it records.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ATTEMPT_FILES } from '../evidence/folder.ts';
import { LineFile } from '../evidence/line-file.ts';
import type { PlanFrame } from '../evidence/plan.ts';
import type { Receipt } from '../evidence/receipt.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import type { OnContainer } from './cell.ts';
import { monotonicMicros } from './clock.ts';
import { notWritten } from './run-error.ts';

/** Records beyond this many are not kept. Above what both subjects together may tell: theirs is limited as it is read. */
const MAX_RECORDS = 450_000;

type Timeless<T> = T extends EvidenceRecord ? Omit<T, 'atMs'> : never;
export type NewRecord = Timeless<EvidenceRecord>;

export class Recorder {
  readonly folder: string;
  readonly originMicros: number;
  readonly #events: LineFile;
  readonly #wire: LineFile;
  readonly #listeners = new Set<(record: EvidenceRecord) => void>();
  #count = 0;
  #wireCount = 0;

  private constructor(folder: string, events: LineFile, wire: LineFile) {
    this.folder = folder;
    this.#events = events;
    this.#wire = wire;
    this.originMicros = monotonicMicros();
  }

  /**
   * Opens the evidence of one attempt and writes its plan.
   *
   * @throws {RunError} `evidence-not-written`
   */
  static async open(folder: string, plan: PlanFrame): Promise<Recorder> {
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, ATTEMPT_FILES.plan), `${JSON.stringify(plan, null, 2)}\n`);
      const recorder = new Recorder(
        folder,
        await LineFile.create(join(folder, ATTEMPT_FILES.events)),
        await LineFile.create(join(folder, ATTEMPT_FILES.wire)),
      );
      recorder.record({ kind: 'origin', monotonicMicros: recorder.originMicros });
      return recorder;
    } catch (error) {
      throw notWritten(folder, error);
    }
  }

  /** Milliseconds since the attempt began. */
  nowMs(): number {
    return this.toAttemptMs(monotonicMicros() / 1000);
  }

  /** Brings an instant of CLOCK_MONOTONIC, in milliseconds, to the attempt's zero. */
  toAttemptMs(monotonicMs: number): number {
    return Math.round(monotonicMs * 1000 - this.originMicros) / 1000;
  }

  /** Writes a record, stamped now, and tells the listeners. */
  record(entry: NewRecord): void {
    const record = { ...entry, atMs: this.nowMs() };
    this.#count += 1;
    if (this.#count <= MAX_RECORDS || record.kind !== 'event') this.#events.append(record);
    for (const listener of this.#listeners) listener(record);
  }

  /** Writes what the engine has confirmed of a container. */
  readonly onContainer: OnContainer = (role, state) => this.record({ kind: 'container', role, state });

  /** Writes one event of the proxy. */
  wire(event: WireEvent): void {
    this.#wireCount += 1;
    if (this.#wireCount <= MAX_RECORDS) this.#wire.append(event);
  }

  /** What was not kept is told: half of the evidence must not pass for the whole. */
  #tellWhatWasLeftOut(): void {
    const atMs = this.nowMs();
    if (this.#count > MAX_RECORDS) this.#events.append({ kind: 'left-out', atMs, count: this.#count - MAX_RECORDS });
    if (this.#wireCount > MAX_RECORDS) {
      this.#wire.append({ kind: 'dropped', seq: 0, atMs, count: this.#wireCount - MAX_RECORDS });
    }
  }

  /** Calls `listener` with each record from now on; returns how to stop that. */
  listen(listener: (record: EvidenceRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Writes the receipts and closes the files.
   *
   * @throws {RunError} `evidence-not-written`, also for a write that failed earlier
   */
  async close(receipts: readonly Receipt[]): Promise<void> {
    this.#tellWhatWasLeftOut();
    // Whatever fails, all are closed.
    const ends = await Promise.allSettled([
      writeFile(join(this.folder, ATTEMPT_FILES.faults), `${JSON.stringify(receipts, null, 2)}\n`),
      this.#events.close(),
      this.#wire.close(),
    ]);
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw notWritten(this.folder, failed.reason);
  }
}
