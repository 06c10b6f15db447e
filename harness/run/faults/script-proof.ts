/**
 * What the scripted peer told of its script, connection by connection, and when that proves it played.
 *
 * Owns the reading of the peer's events as proof. The peer is no subject: its word on what it put on the wire stands for
 * the injector's own count.
 */
import type { SubjectEvent } from '../../contract/event.ts';
import type { EvidenceRecord } from '../../evidence/record.ts';
import type { ScriptFault } from '../../scenario/fault.ts';
import { sends } from '../../scenario/script.ts';

/** What one connection has come to. */
interface Played {
  /** When the last step that counts was played; null: not yet. */
  provedMs: number | null;
  sends: number;
  bytes: number;
  ended: boolean;
}

/** A script that was played, as a receipt has it. */
export interface ScriptProof {
  readonly earliestMs: number;
  readonly latestMs: number;
  /** Connections on which it was played. */
  readonly count: number;
  readonly proof: string;
}

export class ScriptLog {
  readonly #fault: ScriptFault;
  readonly #toMs: (stampMicros: number) => number;
  readonly #played = new Map<number, Played>();

  /** @param toMs brings a stamp of the peer's clock, in microseconds, to the attempt's zero */
  constructor(fault: ScriptFault, toMs: (stampMicros: number) => number) {
    this.#fault = fault;
    this.#toMs = toMs;
  }

  note(record: EvidenceRecord): void {
    if (record.kind !== 'event' || record.role !== this.#fault.role) return;
    const { event } = record;
    if (!('conn' in event) || event.conn === undefined || !this.#isFor(event.conn)) return;
    const atMs = event.at === undefined ? record.atMs : this.#toMs(event.at);
    const played = this.#played.get(event.conn);
    if (played === undefined) {
      if (event.event !== 'accepted' && event.event !== 'connected') return;
      this.#played.set(event.conn, { provedMs: null, sends: 0, bytes: 0, ended: false });
    } else advance(played, event);
    const now = this.#played.get(event.conn);
    if (now !== undefined && now.provedMs === null && this.#isPlayed(now, event)) now.provedMs = atMs;
  }

  #isFor(conn: number): boolean {
    return this.#fault.connections?.includes(conn) ?? true;
  }

  #isPlayed(played: Played, last: SubjectEvent): boolean {
    const { steps, provedBy } = this.#fault;
    if (provedBy !== undefined) return played.sends >= provedBy;
    if (played.sends < steps.filter(sends).length) return false;
    const breaks = steps.some((step) => step.do === 'reset' || step.do === 'close');
    if (breaks) return last.event === 'closed';
    return played.ended || !steps.some((step) => step.do === 'end');
  }

  /** The proof, or `null` where no connection saw the script through. */
  proof(): ScriptProof | null {
    const proved = [...this.#played.values()].flatMap((played) =>
      played.provedMs === null ? [] : [{ ...played, provedMs: played.provedMs }],
    );
    const times = proved.map(({ provedMs }) => provedMs);
    if (times.length === 0) return null;
    const firstMs = Math.min(...times);
    const bytes = proved.reduce((sum, played) => sum + played.bytes, 0);
    const often = proved.length === 1 ? 'one connection' : `${proved.length} connections`;
    return {
      earliestMs: firstMs,
      latestMs: firstMs,
      count: proved.length,
      proof: `the peer played its script on ${often} and handed over ${bytes} bytes`,
    };
  }
}

function advance(played: Played, event: SubjectEvent): void {
  if (event.event === 'wrote') {
    played.sends += 1;
    played.bytes += event.bytes;
  }
  if (event.event === 'shutdown') played.ended = true;
}
