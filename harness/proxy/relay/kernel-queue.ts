/**
 * Waiting until the receiver's kernel has what it was sent.
 *
 * A reset destroys bytes that are under way, so whoever resets waits here first. There is no TIOCOUTQ in Node: what is
 * known comes from `tcp-table.ts`. Exact as far as the receiver's kernel takes the bytes: up to 4 MB with Linux's default
 * `tcp_rmem` and `tcp_wmem`, or what is read meanwhile.
 */
import type { Alarm } from '../alarm.ts';
import { nowMs } from '../clock.ts';
import type { Leg } from './leg.ts';
import { TcpTables } from './tcp-table.ts';

/** The wait ends when nothing moved for this long, unless more was asked for. A delayed ACK takes 40 ms, a lost segment 200. */
const PATIENCE_MS = 1500;

/** First and longest pause between two looks. */
const FIRST_PAUSE_MS = 0.5;
const LONGEST_PAUSE_MS = 8;

/** Between two looks at what has not moved for longer than any network takes: only the receiver can be waited for. */
const STILL_PAUSE_MS = 100;

/** Looks at what is left, not earlier than the moment given; undefined when that cannot be known. */
type Look = (sinceMs: number) => number | undefined | Promise<number | undefined>;

export class KernelQueues {
  readonly #tables = new TcpTables();
  readonly #alarm: Alarm;

  constructor(alarm: Alarm) {
    this.#alarm = alarm;
  }

  close(): Promise<void> {
    return this.#tables.close();
  }

  /**
   * Waits until the receiver's kernel has acknowledged everything, or nothing moved for `patienceMs`.
   *
   * @param pending bytes that the kernel has not even taken yet
   * @param done called with the bytes that are still under way (0: none), or undefined when that cannot be known
   */
  whenAcknowledged(
    leg: Leg,
    { pending, patienceMs = PATIENCE_MS }: { readonly pending: () => number; readonly patienceMs?: number | undefined },
    done: (left: number | undefined) => void,
  ): void {
    const unacknowledged: Look = (sinceMs) => {
      if (leg.dead) return undefined;
      // Where nothing was ever sent the table, which can take long to read, has nothing to say.
      if (leg.socket.bytesWritten === 0) return 0;
      return this.#tables.unacknowledged(leg.socket, sinceMs).catch(() => undefined);
    };
    this.#whenStill(pending, patienceMs, (waiting = 0) => {
      this.#whenStill(unacknowledged, patienceMs, (left) =>
        done(left === undefined && waiting === 0 ? undefined : waiting + (left ?? 0)),
      );
    });
  }

  #whenStill(amount: Look, patienceMs: number, done: (left: number | undefined) => void): void {
    let least = Infinity;
    let movedMs = nowMs();
    let pauseMs = FIRST_PAUSE_MS;
    const look = (): void => {
      const left = amount(nowMs());
      if (left instanceof Promise) void left.then(found);
      else found(left);
    };
    const found = (left: number | undefined): void => {
      const now = nowMs();
      if (left !== undefined && left < least) {
        least = left;
        movedMs = now;
      }
      if (left === undefined || left === 0 || now - movedMs >= patienceMs) {
        done(left);
        return;
      }
      this.#alarm.at(now + pauseMs, look);
      pauseMs = Math.min(now - movedMs < PATIENCE_MS ? LONGEST_PAUSE_MS : STILL_PAUSE_MS, pauseMs * 2);
    };
    look();
  }
}
