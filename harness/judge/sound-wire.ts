/**
 * What cannot be true of a proxy's own account, whatever the subjects and the network did.
 *
 * Owns its numbering, its times and the life of each connection; each direction's bytes are `sound-stream.ts`. Beside
 * real Toxiproxy two recorders tell one story: each of a connection's two halves is in order, one against the other is
 * not, the first half may be closed before the second has told all, and what the faults did is told last.
 */
import type { CellKind } from '../evidence/plan.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import type { Direction } from '../scenario/fault.ts';
import { Stream } from './sound-stream.ts';
import { inMs } from './wording.ts';

/** What the account is held to. */
export interface Account {
  readonly cell: CellKind;
  /** Two recorders, seen as one. */
  readonly merged: boolean;
  /** When the attempt's last record was written. */
  readonly endMs: number;
  /** How far off the proxy's clock may be against the harness's. */
  readonly errorMs: number;
}

/** The first thing that cannot be; null: all of it can. */
export function impossibleOnWire(wire: readonly WireEvent[], account: Account): string | null {
  const story = new Story(account);
  for (const told of wire) {
    const problem = story.take(told);
    if (problem !== null) return `${nameOf(told)} ${problem}`;
  }
  return story.isOpen() ? 'the proxy stopped, and a connection was not closed' : null;
}

function nameOf(told: WireEvent): string {
  const on = 'conn' in told ? ` of connection ${told.conn}` : '';
  return `the proxy's event ${told.seq}, ${told.kind}${on} at ${inMs(told.atMs)},`;
}

class Story {
  readonly #account: Account;
  readonly #connections = new Map<number, Connection>();
  #seq: number | null = null;
  #lastMs = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Whether a connection is left that nobody closed. */
  isOpen(): boolean {
    return [...this.#connections.values()].some(({ closed }) => !closed);
  }

  /** Why the event cannot come here; null: it can. */
  take(told: WireEvent): string | null {
    const problem = this.#numbered(told) ?? this.#timed(told) ?? this.#placed(told);
    if (problem !== null || !('conn' in told)) return problem;
    const known = this.#connections.get(told.conn);
    if (known !== undefined) return known.take(told);
    if (told.kind !== 'accepted') return 'comes before the connection was accepted';
    this.#connections.set(told.conn, new Connection(this.#account.merged));
    return null;
  }

  /** A proxy counts its events by one. That of a composed cell may be at work for others too, whose events are not here. */
  #numbered({ seq, kind }: WireEvent): string | null {
    const before = this.#seq;
    // That it stopped is kept back until the faults' effects are told.
    if (this.#account.merged && kind === 'stopped') return null;
    this.#seq = seq;
    if (before === null) return null;
    if (seq <= before) return `comes after event ${before}`;
    const mayMiss = this.#account.merged || this.#account.cell === 'compose';
    return seq === before + 1 || mayMiss ? null : `comes next after event ${before}: some are missing`;
  }

  #timed({ atMs, kind }: WireEvent): string | null {
    const { merged, endMs, errorMs } = this.#account;
    if (!(atMs >= -errorMs)) return 'is from before the attempt';
    if (atMs > endMs + errorMs) return `is from after the attempt, which ended at ${inMs(endMs)}`;
    // Bytes are stamped when the kernel took them, and told once that is known.
    if (merged || kind === 'wrote') return null;
    if (atMs < this.#lastMs) return `comes after one at ${inMs(this.#lastMs)}`;
    this.#lastMs = atMs;
    return null;
  }

  /** A proxy that has stopped does nothing, unless it is enabled again. */
  #placed({ kind }: WireEvent): string | null {
    const stopped = this.#stopped;
    this.#stopped = kind === 'stopped';
    return stopped && kind !== 'listening' ? 'comes after the proxy stopped' : null;
  }
}

class Connection {
  readonly #merged: boolean;
  readonly #streams: Record<Direction, Stream> = { upstream: new Stream(), downstream: new Stream() };
  #dialed = false;
  closed = false;

  constructor(merged: boolean) {
    this.#merged = merged;
  }

  take(told: Extract<WireEvent, { conn: number }>): string | null {
    if (told.kind === 'accepted') return 'is the second of its kind';
    if (this.closed && !this.#merged) return 'comes after the connection was closed';
    if (told.kind === 'closed') {
      this.closed = true;
      return null;
    }
    if (told.kind === 'dialed' || told.kind === 'dial-failed') return this.#dial();
    return told.kind === 'effect' ? null : this.#streams[told.direction].take(told);
  }

  #dial(): string | null {
    if (this.#dialed && !this.#merged) return 'comes after it was dialed before';
    this.#dialed = true;
    return null;
  }
}
