/**
 * One pending answer, bounded by a deadline and a signal.
 *
 * Owns the rule that the first reason wins and that nothing stays attached afterwards. Every call of this library
 * that waits is built on it.
 */
import { checkSignal, demand } from './arguments.ts';
import { Deadline } from './deadline.ts';
import { SocketError, type FailureDetails, type Operation } from './socket-error.ts';

/** What may end a wait before its answer comes. Both may be shared by any number of calls. */
export interface Bounds {
  /** One deadline, or several: a whole message and the peer's silence, say. The first that passes counts. */
  readonly deadline?: Deadline | readonly Deadline[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The error for a signal that fired: a `SocketError` given as the reason lends its code, the rest is this call's. */
export function abortError(op: Operation, signal: AbortSignal, details: FailureDetails): SocketError {
  const reason: unknown = signal.reason;
  if (reason instanceof SocketError)
    return new SocketError(op, reason.code, reason.reason, { ...details, cause: reason });
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

/** Throws `invalid` for what are no bounds. Whether they have been reached is another question. */
export function checkBoundTypes(op: Operation, bounds: Bounds): void {
  demand(typeof bounds === 'object' && bounds !== null, op, 'the bounds must be { deadline, signal }');
  const { deadline, signal } = bounds;
  const isDeadline = (value: unknown): boolean => value instanceof Deadline;
  const fits =
    deadline === undefined || isDeadline(deadline) || (Array.isArray(deadline) && deadline.every(isDeadline));
  demand(fits, op, 'the deadline must be a Deadline, or a list of them');
  checkSignal(op, signal);
}

/** The error of the bound that has been reached, if one has. */
function reached(op: Operation, bounds: Bounds, details: FailureDetails): SocketError | undefined {
  checkBoundTypes(op, bounds);
  const { deadline, signal } = bounds;
  if (signal?.aborted === true) return abortError(op, signal, details);
  if (deadline === undefined) return undefined;
  const passed =
    deadline instanceof Deadline ? (deadline.passed ? deadline : undefined) : deadline.find((each) => each.passed);
  return passed === undefined ? undefined : deadlineError(op, passed, details);
}

/** Throws if a bound has been reached. */
export function checkBounds(op: Operation, bounds: Bounds, details: FailureDetails = {}): void {
  const error = reached(op, bounds, details);
  if (error !== undefined) throw error;
}

/** A promise that is settled from outside, by whichever of answer, deadline and signal comes first. */
export class Wait<T> {
  readonly promise: Promise<T>;
  readonly #settle: PromiseWithResolvers<T>;
  /** What is to be undone once the wait is over. */
  readonly #release: (() => void)[] = [];
  #over = false;

  /** `details` is read when a bound is reached, so that counts in it are those of that moment. */
  constructor(op: Operation, bounds: Bounds, details: () => FailureDetails = () => ({})) {
    this.#settle = Promise.withResolvers<T>();
    this.promise = this.#settle.promise;
    const { deadline, signal } = bounds;
    if (deadline instanceof Deadline) this.#watch(op, deadline, details);
    else for (const each of deadline ?? []) this.#watch(op, each, details);
    if (signal === undefined) return;
    const onAbort = (): void => this.reject(abortError(op, signal, details()));
    // A signal that has fired says nothing more.
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    this.#release.push(() => signal.removeEventListener('abort', onAbort));
  }

  /** Has `release` called when the wait is over, however it ends. */
  finally(release: () => void): void {
    if (this.#over) release();
    else this.#release.push(release);
  }

  resolve(value: T): void {
    this.#detach();
    this.#settle.resolve(value);
  }

  reject(error: unknown): void {
    this.#detach();
    this.#settle.reject(error);
  }

  #watch(op: Operation, deadline: Deadline, details: () => FailureDetails): void {
    this.#release.push(deadline.watch(() => this.reject(deadlineError(op, deadline, details()))));
  }

  #detach(): void {
    this.#over = true;
    for (const release of this.#release.splice(0)) release();
  }
}
