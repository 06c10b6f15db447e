/**
 * What the wire proxy said of each fault's effect: the injector's own proof of delivery.
 */
import { provesNothing } from '../../evidence/wire-event.ts';
import type { WireEvent, WireEventOf } from '../../evidence/wire-event.ts';

export interface EffectSummary {
  readonly first: WireEventOf<'effect'>;
  readonly count: number;
}

/** Collects the effects of one attempt, by the fault's id. */
export class EffectLog {
  readonly #byFault = new Map<string, EffectSummary>();
  readonly #awaited = new Map<string, () => void>();

  note(event: WireEvent): void {
    if (event.kind !== 'effect' || provesNothing(event)) return;
    const known = this.#byFault.get(event.toxic);
    this.#byFault.set(event.toxic, { first: known?.first ?? event, count: (known?.count ?? 0) + 1 });
    if (known === undefined) this.#awaited.get(event.toxic)?.();
  }

  /** Calls `bitten` once the fault has had an effect. */
  whenBitten(fault: string, bitten: () => void): void {
    if (this.#byFault.has(fault)) bitten();
    else this.#awaited.set(fault, bitten);
  }

  of(fault: string): EffectSummary | null {
    return this.#byFault.get(fault) ?? null;
  }
}

/** An effect as a sentence. */
export function describeEffect({ first, count }: EffectSummary): string {
  const bytes = first.bytes === undefined ? '' : `, ${first.bytes} bytes`;
  const delay = first.delayMs === undefined ? '' : `, by ${first.delayMs} ms`;
  const more = count > 1 ? `; ${count} effects in all` : '';
  const detail = first.detail === undefined ? '' : ` (${first.detail})`;
  return `${first.effect} at byte ${first.offset} ${first.direction}${bytes}${delay}${detail}${more}`;
}
