/**
 * What cannot be true of one direction of one connection, as the proxy tells it.
 *
 * Owns that bytes are told in one piece after the other, that none is handed on before it was taken, and that an end is
 * the end. Pure.
 */
import type { WireEvent } from '../evidence/wire-event.ts';
import { inBytes, inMs } from './wording.ts';

type Kind = 'read' | 'wrote' | 'fin-read' | 'fin-wrote' | 'rst-read' | 'rst-wrote';
export type Passing = Extract<WireEvent, { kind: Kind }>;

/** One end of the direction: where the proxy takes, or where it hands on. */
interface End {
  bytes: number;
  lastMs: number;
  over: 'fin' | 'rst' | null;
}

const fresh = (): End => ({ bytes: 0, lastMs: Number.NEGATIVE_INFINITY, over: null });

export class Stream {
  readonly #taken: End = fresh();
  readonly #given: End = fresh();
  /** Up to which byte the proxy had read, and when; those whose bytes have all been handed on are passed over. */
  readonly #reads: { readonly endBytes: number; readonly atMs: number }[] = [];
  #next = 0;

  /** Why the event cannot come here; null: it can. */
  take(told: Passing): string | null {
    const isTaken = told.kind === 'read' || told.kind === 'fin-read' || told.kind === 'rst-read';
    const problem = follow(isTaken ? this.#taken : this.#given, told);
    if (problem !== null) return problem;
    if (told.kind === 'read') this.#reads.push({ endBytes: this.#taken.bytes, atMs: told.atMs });
    return told.kind === 'wrote' ? this.#beforeItsRead(told.atMs) : null;
  }

  /** A fault may lose bytes on the way, never make them. */
  #beforeItsRead(atMs: number): string | null {
    const { bytes } = this.#given;
    while ((this.#reads[this.#next]?.endBytes ?? Number.POSITIVE_INFINITY) < bytes) this.#next += 1;
    const read = this.#reads[this.#next];
    if (read === undefined) return `hands on ${inBytes(bytes)}, and only ${this.#taken.bytes} had been read`;
    return atMs < read.atMs ? `hands on bytes that were read at ${inMs(read.atMs)}` : null;
  }
}

/** Takes an event at one end, or says why it cannot be. After a FIN a reset may come, after a reset nothing. */
function follow(end: End, { kind, offset, atMs, ...rest }: Passing): string | null {
  const over = kind.startsWith('rst') ? 'rst' : kind.startsWith('fin') ? 'fin' : null;
  if (end.over !== null && !(end.over === 'fin' && over === 'rst')) return 'comes after the end of its direction';
  if (offset !== end.bytes) return `is at byte ${offset}, and the one before ended at ${end.bytes}`;
  if (atMs < end.lastMs) return `comes after one of its direction at ${inMs(end.lastMs)}`;
  end.bytes += 'bytes' in rest ? rest.bytes : 0;
  end.lastMs = atMs;
  end.over = over;
  return Number.isSafeInteger(end.bytes) ? null : 'tells of more bytes than can be counted';
}
