/**
 * How long a check waits for what must come. Patience, not a bound of the contract: bounds stand with their clauses.
 *
 * Owns becoming impatient: a subject that never does something is waited for once, not a hundred times.
 */

/** CONTRACT, Input: what is unfinished this long after the end of input is reset. */
export const WIND_DOWN_MS = 2_000;
/** A virtual machine or an interpreter on a busy machine may take seconds to start. */
const START_MS = 10_000;
const EVENT_MS = 3_000;
/** After the two seconds: resetting, flushing and leaving an interpreter. */
const EXIT_GRACE_MS = 1_500;
/** For what has already failed to come once. */
const IMPATIENT_MS = 150;

export class Limits {
  /** From the start of a process to its first sign of life. */
  startMs = START_MS;
  /** For one event, or for bytes that are due. */
  eventMs = EVENT_MS;
  /** From the end of input to the end of the process. */
  exitMs = WIND_DOWN_MS + EXIT_GRACE_MS;

  /** A subject did not end in time: it is not waited for again. */
  exitWasOverdue(): void {
    this.exitMs = IMPATIENT_MS;
  }

  /** A subject started in this time: what comes later need not be given the longest, but more on a slow machine. */
  startTook(ms: number): void {
    this.startMs = Math.ceil(Math.min(START_MS, Math.max(EVENT_MS, ms * 5)));
    this.eventMs = Math.ceil(Math.min(START_MS, Math.max(this.eventMs, ms * 4)));
  }
}
