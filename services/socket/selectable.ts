/**
 * What `select` can wait for: the view of a socket or listener that says whether a call would wait.
 */

/** A direction in which a socket can be ready. */
export type Direction = 'read' | 'write';

/** How `select` sees a socket or a listener. */
export interface Selectable {
  /** This side has closed it: it can be waited for no more. */
  readonly closed: boolean;
  /** A call in this direction would not wait: it would give something, or an error. Asks the kernel where it must. */
  readonly ready: (direction: Direction) => boolean;
  /** Has `wake` called at every change, until the result is called. */
  readonly watch: (direction: Direction, wake: () => void) => () => void;
}

/** The key under which a socket or a listener shows this view: for `select` alone. */
export const SELECTABLE: unique symbol = Symbol('selectable');
