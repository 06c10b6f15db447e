/**
 * The parts of a subject that a program can get wrong, as values.
 *
 * Owns the correct ones. `../broken/` holds subjects with one of them replaced.
 */
import type { Deadline } from '../socket/deadline.ts';
import { framingOf, type Framing } from './framing.ts';
import type { Params, Task } from './params.ts';

/** How long a whole message may take. */
export interface Timekeeping {
  /** A message begins to count: `ms` is all it has, 0 means for ever. */
  readonly begin: (deadline: Deadline, ms: number) => void;
  /** Some bytes of it have come. */
  readonly progress: (deadline: Deadline, ms: number) => void;
}

export interface Pieces {
  /** Whether this subject plays such a task at all. */
  readonly speaks: (task: Task) => boolean;
  /** How messages are cut out of the stream. */
  readonly framingOf: (params: Params) => Promise<Framing>;
  readonly timekeeping: Timekeeping;
  /** Waiting for bytes begins: the peer may be silent for `ms` before it counts as dead, 0 means for ever. */
  readonly watchSilence: (silence: Deadline, ms: number) => void;
}

export const CORRECT: Pieces = {
  speaks: () => true,
  framingOf,
  timekeeping: {
    begin: (deadline, ms) => deadline.start(ms),
    // A byte received never restarts a deadline.
    progress: () => {},
  },
  watchSilence: (silence, ms) => silence.start(ms),
};
