/**
 * Which part of its cores' time a machine has to spare, by the kernel's count, which Node reads on every system.
 *
 * Owns from when on it counts. What share is enough is who asks' matter.
 */
import { cpus } from 'node:os';

/** The kernel counts in steps of so much, most often: in less nothing may have moved. */
export const TICK_MS = 10;
/** What was longer ago says nothing of now. */
const RECENT_MS = 100;

/** What all cores did since the machine started. */
export interface CoreTimes {
  readonly atMs: number;
  readonly cores: number;
  readonly idleMs: number;
  readonly allMs: number;
}

/** The part of the cores' time that nobody used; or why there is none: too little was counted so far, or nothing ever is. */
export type Idle = number | 'no tick yet' | 'unknown';

export class IdleMeter {
  readonly #read: () => CoreTimes;
  #from: CoreTimes;

  constructor(read: () => CoreTimes = timesOfCores) {
    this.#read = read;
    this.#from = read();
  }

  /** Counts from now on. */
  begin(): void {
    this.#from = this.#read();
  }

  /** Counts from now on, unless it began just now: a wait need not start with one for the kernel. */
  beginUnlessRecent(): void {
    const now = this.#read();
    if (now.atMs - this.#from.atMs > RECENT_MS) this.#from = now;
  }

  /** What was counted; having told it, counts from now on. */
  look(): Idle {
    const now = this.#read();
    if (now.allMs === 0) return 'unknown';
    const allMs = now.allMs - this.#from.allMs;
    if (allMs < TICK_MS * now.cores) return 'no tick yet';
    const idleMs = now.idleMs - this.#from.idleMs;
    this.#from = now;
    return idleMs / allMs;
  }
}

function timesOfCores(): CoreTimes {
  const each = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({
    idleMs: idle,
    allMs: user + nice + sys + idle + irq,
  }));
  const sum = each.reduce((one, other) => ({ idleMs: one.idleMs + other.idleMs, allMs: one.allMs + other.allMs }), {
    idleMs: 0,
    allMs: 0,
  });
  return { atMs: performance.now(), cores: each.length, ...sum };
}
