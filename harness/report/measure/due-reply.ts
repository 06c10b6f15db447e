/**
 * Which messages that the client received are the whole replies that were due to it.
 *
 * Owns the digest that a reply has to have. Where the judge found the exchange whole, no digest is computed again.
 */
import { echoOf, payloadBytes, payloadKey, payloadPieces, sha256, sha256Of } from '../../contract/payload.ts';
import type { SubjectEvent } from '../../contract/event.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Verdict } from '../../evidence/verdict.ts';

type ClientEvent<Kind extends SubjectEvent['event']> = Extract<SubjectEvent, { event: Kind }>;

/** Tells of the client's events, in order, whether one is a whole reply. */
export class DueReplies {
  readonly #plan: Evidence['plan'];
  readonly #isWhole: boolean;
  readonly #keys = new Map<number, number>();
  readonly #uploaded = new Map<number, string>();

  constructor({ plan }: Evidence, verdict: Verdict | null) {
    this.#plan = plan;
    this.#isWhole = verdict?.checks.some(({ name, outcome }) => name === 'integrity' && outcome === 'pass') === true;
  }

  note(event: SubjectEvent): void {
    if (event.event === 'connecting') this.#keys.set(event.conn, event.key);
    if (event.event === 'sending') this.#uploaded.set(event.conn, event.sha256);
  }

  isDue(received: ClientEvent<'received'>): boolean {
    return this.#isWhole || received.sha256 === this.#digest(received);
  }

  /** Null: no reply was due. */
  #digest({ conn, seq, bytes }: ClientEvent<'received'>): string | null {
    const { workload, params } = this.#plan;
    if (workload === 'upload') return sha256(Buffer.from(this.#uploaded.get(conn) ?? ''));
    const key = this.#keys.get(conn);
    if (key === undefined || bytes !== payloadBytes(params, seq)) return null;
    return sha256Of(payloadPieces(params, payloadKey(params.seed, key), seq).map(echoOf));
  }
}
