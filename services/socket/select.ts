/**
 * `select`: waits for the first of many sockets that would not wait.
 *
 * Owns the three lists and the wait; whether a socket is ready is its own to say. (HOWTO, "Non-blocking Sockets".)
 */
import { checkMs, checkOptions, demand } from './arguments.ts';
import { Deadline } from './deadline.ts';
import { SELECTABLE, type Direction, type Selectable } from './selectable.ts';
import { SocketError } from './socket-error.ts';
import { nextTurn, nextTurns } from './turns.ts';
import { checkBounds, Wait } from './wait.ts';

/** A socket or a listener. */
export interface CanBeSelected {
  readonly [SELECTABLE]: Selectable;
}

/** How long to wait. */
export interface SelectOptions {
  /** How long to wait for the first: 0 looks once, nothing waits for ever. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

function viewOf(item: unknown): Selectable {
  const selectable = typeof item === 'object' && item !== null && SELECTABLE in item;
  if (!selectable)
    throw new SocketError('select', 'invalid', 'only sockets and listeners can be selected, files cannot');
  const view = (item as CanBeSelected)[SELECTABLE];
  if (view.closed) throw new SocketError('select', 'not-open', 'this side has closed a socket that is in a list');
  return view;
}

function readyOf<T extends CanBeSelected>(items: readonly T[], direction: Direction): T[] {
  return items.filter((item) => viewOf(item).ready(direction));
}

/**
 * Returns those of `readers` on which a receive or an accept would not wait, those of `writers` on which a send would not
 * wait or whose connection has been made or refused, and a list for errors. All three are empty when the time is up.
 *
 * The lists keep their order, and every call looks at every socket, so that none is passed over. On Linux the third
 * condition of select(2) is urgent data, which Node cannot see: the list of errors is checked for closed sockets, and
 * the one returned is always empty. A connection that broke is readable and writable, as everywhere.
 *
 * @throws SocketError `invalid` for what is neither socket nor listener; `not-open` for what this side has closed, before
 *   or while it waits; `aborted`
 */
export async function select<R extends CanBeSelected, W extends CanBeSelected, E extends CanBeSelected>(
  readers: readonly R[],
  writers: readonly W[],
  errors: readonly E[] = [],
  options: SelectOptions = {},
): Promise<[R[], W[], E[]]> {
  checkOptions('select', options);
  const { timeoutMs, signal } = options;
  if (timeoutMs !== undefined) checkMs('select', 'the timeout', timeoutMs);
  for (const list of [readers, writers, errors]) demand(Array.isArray(list), 'select', 'it takes lists of sockets');
  const deadline = new Deadline();
  if (timeoutMs !== undefined) deadline.start(timeoutMs);
  checkBounds('select', { signal });
  const changed = new Change();
  const views: [Selectable, Direction][] = [
    ...readers.map((item): [Selectable, Direction] => [viewOf(item), 'read']),
    ...writers.map((item): [Selectable, Direction] => [viewOf(item), 'write']),
  ];
  const unwatch = views.map(([view, direction]) => view.watch(direction, changed.tell));
  // They are never ready: what is waited for is that one is closed.
  for (const item of errors) unwatch.push(viewOf(item).watch('read', changed.tell));
  try {
    for (const [view, direction] of views) view.ready(direction);
    // One look at the kernel in any case: who is ready already must not hide those who have just become it.
    await nextTurns();
    for (;;) {
      for (const item of errors) viewOf(item);
      const ready: [R[], W[], E[]] = [readyOf(readers, 'read'), readyOf(writers, 'write'), []];
      if (ready[0].length > 0 || ready[1].length > 0 || timeoutMs === 0 || deadline.passed) return ready;
      await changed.next(deadline, signal);
      await nextTurn();
    }
  } finally {
    for (const end of unwatch) end();
  }
}

/** The next change of any of many sockets, or the end of the time. */
class Change {
  #wait: Wait<void> | undefined;

  readonly tell = (): void => this.#wait?.resolve();

  async next(deadline: Deadline, signal: AbortSignal | undefined): Promise<void> {
    this.#wait = new Wait<void>('select', { deadline, signal });
    try {
      await this.#wait.promise;
    } catch (error) {
      if (!(error instanceof SocketError && error.code === 'timeout')) throw error;
    } finally {
      this.#wait = undefined;
    }
  }
}
