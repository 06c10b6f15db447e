/**
 * One pending answer, bounded by a deadline and a signal.
 *
 * Owns the rule that the first reason wins and that nothing stays attached afterwards. Every call of this library
 * that waits is built on it.
 */
import { Deadline } from './deadline.ts';
import { SocketError, type FailureDetails, type Operation } from './socket-error.ts';

/** What may end a wait before its answer comes. Both may be shared by any number of calls. */
export interface Bounds {
  /** One deadline, or several: a whole message and the peer's silence, say. The first that passes counts. */
  readonly deadline?: Deadline | readonly Deadline[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

function deadlinesOf({ deadline }: Bounds): readonly Deadline[] {
  if (deadline === undefined) return [];
  return deadline instanceof Deadline ? [deadline] : deadline;
}

/** The error for a signal that fired: a `SocketError` given as the reason keeps its own code. */
export function abortError(op: Operation, signal: AbortSignal, details: FailureDetails): SocketError {
  const reason: unknown = signal.reason;
  if (reason instanceof SocketError) return reason;
  return new SocketError(op, 'aborted', 'the caller gave up', { ...details, cause: reason });
}

/** The error for a deadline that passed. */
export function deadlineError(op: Operation, deadline: Deadline, details: FailureDetails): SocketError {
  const what =
    deadline.code === 'dead-peer'
      ? `nothing was received for ${deadline.budgetMs} ms`
      : `not done within ${deadline.budgetMs} ms`;
  return new SocketError(op, deadline.code, what, details);
}

/** Throws at once if a bound has been reached before the wait begins. */
export function checkBounds(op: Operation, bounds: Bounds, details: FailureDetails = {}): void {
  if (bounds.signal?.aborted === true) throw abortError(op, bounds.signal, details);
  for (const deadline of deadlinesOf(bounds)) {
    if (deadline.passed) throw deadlineError(op, deadline, details);
  }
}

/** A promise that is settled from outside, by whichever of answer, deadline and signal comes first. */
export class Wait<T> {
  readonly promise: Promise<T>;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  readonly #unwatch: (() => void)[];
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: (() => void) | undefined;

  /** `details` is read when a bound is reached, so that counts in it are those of that moment. */
  constructor(op: Operation, bounds: Bounds, details: () => FailureDetails = () => ({})) {
    const settlers = Promise.withResolvers<T>();
    this.promise = settlers.promise;
    this.#resolve = settlers.resolve;
    this.#reject = settlers.reject;
    this.#unwatch = deadlinesOf(bounds).map((deadline) =>
      deadline.watch(() => this.reject(deadlineError(op, deadline, details()))),
    );
    const { signal } = bounds;
    if (signal !== undefined) {
      this.#signal = signal;
      this.#onAbort = () => this.reject(abortError(op, signal, details()));
      signal.addEventListener('abort', this.#onAbort);
    }
  }

  resolve(value: T): void {
    this.#detach();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#detach();
    this.#reject(error);
  }

  #detach(): void {
    for (const unwatch of this.#unwatch.splice(0)) unwatch();
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
