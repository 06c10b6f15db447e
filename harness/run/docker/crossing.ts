/**
 * Two passes through the recording wire proxy, one on each side of a proxy that tells nothing, seen as one proxy.
 *
 * Owns telling the outer events (between the pair and the subjects: they become the cell's own wire events) from the inner
 * ones (between the pair and the silent proxy: they show what it did), and joining each connection's two halves.
 */
import type { WireEvent } from '../../evidence/wire-event.ts';
import type { Direction } from '../../scenario/fault.ts';

/** `front` is between client and the silent proxy, `back` between it and the server. */
export type Half = 'front' | 'back';

/** Something that went into the silent proxy, or came out of it. */
export interface Crossing {
  readonly conn: number;
  readonly direction: Direction;
  readonly way: 'in' | 'out';
  readonly what: 'bytes' | 'fin' | 'rst';
  /** In the stream of that direction. */
  readonly offset: number;
  readonly bytes: number;
  readonly atMs: number;
}

type OnConnection = Extract<WireEvent, { conn: number }>;
type Flowing = Extract<WireEvent, { direction: Direction }>;

/** The direction whose sender is the subject on that side. */
const SENDS: Readonly<Record<Half, Direction>> = { front: 'upstream', back: 'downstream' };

const WHAT = {
  read: 'bytes',
  wrote: 'bytes',
  'fin-read': 'fin',
  'fin-wrote': 'fin',
  'rst-read': 'rst',
  'rst-wrote': 'rst',
} as const;

export class CrossingLog {
  readonly crossings: Crossing[] = [];
  readonly #onEvent: (event: WireEvent) => void;
  /** Front connections in the order in which they reached the silent proxy, which accepts and dials one after the other. */
  readonly #dialed: number[] = [];
  /** Back connections in the order in which they came. */
  readonly #arrived: number[] = [];
  readonly #early: OnConnection[] = [];
  #seq = 0;

  /** @param onEvent told of each event of the pair as one proxy, its connections numbered as at the front */
  constructor(onEvent: (event: WireEvent) => void) {
    this.#onEvent = onEvent;
  }

  note(half: Half, event: WireEvent): void {
    if (!('conn' in event)) {
      if (half === 'front' || event.kind === 'dropped') this.tell(event);
      return;
    }
    if (half === 'front') {
      if (event.kind === 'dialed') this.#dialed.push(event.conn);
      this.#take('front', event.conn, event);
    } else {
      if (event.kind === 'accepted') this.#arrived.push(event.conn);
      this.#early.push(event);
    }
    this.#joinHalves();
  }

  /** Tells an event as the pair's own. */
  tell(event: WireEvent): void {
    this.#seq += 1;
    this.#onEvent({ ...event, seq: this.#seq });
  }

  /** Takes what is known of back connections whose front is known by now; the rest waits. */
  #joinHalves(): void {
    for (const event of this.#early.splice(0)) {
      const front = this.#dialed[this.#arrived.indexOf(event.conn)];
      if (front === undefined) this.#early.push(event);
      else this.#take('back', front, event);
    }
  }

  #take(half: Half, conn: number, event: OnConnection): void {
    if ('direction' in event && event.kind !== 'effect') {
      const isRead = event.kind === 'read' || event.kind === 'fin-read' || event.kind === 'rst-read';
      const isOuter = isRead === (event.direction === SENDS[half]);
      if (isOuter) this.tell({ ...event, conn });
      else this.crossings.push(crossing(conn, event, isRead ? 'out' : 'in'));
      return;
    }
    if (belongsToPair(half, event.kind)) this.tell({ ...event, conn });
  }
}

/** Of each connection the pair accepts at its front, dials at its back, and is closed when its front is. */
function belongsToPair(half: Half, kind: WireEvent['kind']): boolean {
  if (half === 'front') return kind === 'accepted' || kind === 'dial-failed' || kind === 'closed';
  return kind === 'dialed' || kind === 'dial-failed';
}

function crossing(conn: number, event: Exclude<Flowing, { kind: 'effect' }>, way: Crossing['way']): Crossing {
  const bytes = 'bytes' in event ? event.bytes : 0;
  const { direction, offset, atMs } = event;
  return { conn, direction, way, what: WHAT[event.kind], offset, bytes, atMs };
}
