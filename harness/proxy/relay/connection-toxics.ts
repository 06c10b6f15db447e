/**
 * Which toxics work on one connection: those of its proxy that are for it, then its own.
 *
 * Owns the draws: one for each connection and toxic, from the seed, so that an update of a toxic changes nobody's luck.
 */
import { draw } from '../draw.ts';
import type { Direction } from '../stream/item.ts';
import type { Toxic } from '../toxics/kind.ts';
import { type Chosen, selects } from '../toxics/selector.ts';

export class ConnectionToxics {
  readonly #own: Record<Direction, readonly Toxic[]> = { upstream: [], downstream: [] };
  readonly #chosen: Chosen;
  readonly #seed: string;
  readonly #proxy: string;
  /** Names of the toxics that did something. */
  readonly acted = new Set<string>();

  constructor(chosen: Chosen, { seed, proxy }: { readonly seed: string; readonly proxy: string }) {
    this.#chosen = chosen;
    this.#seed = seed;
    this.#proxy = proxy;
  }

  /** Those put on this connection alone. */
  own(direction: Direction): readonly Toxic[] {
    return this.#own[direction];
  }

  /** Those that work in that direction, in order. */
  wanted(direction: Direction, ofProxy: readonly Toxic[]): readonly Toxic[] {
    return [...ofProxy, ...this.#own[direction]].filter((toxic) => this.#affected(toxic));
  }

  /** Makes its own those. */
  setOwn(direction: Direction, toxics: readonly Toxic[]): void {
    this.#own[direction] = toxics;
  }

  /** A number in [0, 1) for this connection, toxic, purpose and offset. */
  draw(toxic: Toxic, purpose: 'toxicity' | 'jitter', offset: number): number {
    return draw(this.#seed, this.#proxy, this.#chosen.number, toxic.name, purpose, offset);
  }

  #affected(toxic: Toxic): boolean {
    if (!selects(toxic.attributes.connections, this.#chosen)) return false;
    return toxic.toxicity >= 1 || this.draw(toxic, 'toxicity', 0) < toxic.toxicity;
  }
}
