/**
 * One clause of the subject contract as a value: what it says, where, and how a subject is put to it.
 *
 * Owns the shapes of a clause and of its outcome; the exercises themselves stand in `clauses/`.
 */
import type { Role } from '../contract/words.ts';
import type { Stage } from './stage.ts';

/** Headings of the contract. */
export type Passage =
  | 'Input'
  | 'Parameters'
  | 'Deadlines'
  | 'Sockets'
  | 'Framing, on the wire'
  | 'Payloads'
  | 'Workloads'
  | 'Output: events';

export interface Clause {
  /** Stable name, `<role>/<topic>/<case>`: what `--only` takes. */
  readonly id: string;
  /** What the contract asks, as a sentence. */
  readonly text: string;
  readonly passage: Passage;
  /** `null`: asked of the program whatever its role. */
  readonly role: Role | null;
  /** What the exercise waits by itself, in ms; the longest are started first. */
  readonly waitsMs?: number;
  /**
   * Puts a subject to it.
   *
   * @throws {Missed} when the subject does something else than the clause says
   * @throws {NotCheckable} when this machine cannot tell
   */
  exercise(stage: Stage): Promise<void>;
}

export interface Miss {
  readonly expected: string;
  readonly actual: string;
}

/** A clause that was not kept. */
export class Missed extends Error implements Miss {
  override readonly name = 'Missed';
  readonly code = 'missed';
  readonly expected: string;
  readonly actual: string;

  constructor(expected: string, actual: string) {
    super(`expected ${expected}; ${actual}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** This machine cannot tell whether the clause is kept. */
export class NotCheckable extends Error {
  override readonly name = 'NotCheckable';
  readonly code = 'not-checkable';
}

/** Throws a miss, if there is one. */
export function demand(miss: Miss | null): void {
  if (miss !== null) throw new Missed(miss.expected, miss.actual);
}

/**
 * `kept` · `missed` · `unsupported`: the subject says so, which is its right · `not-checked`: nothing to look at, or an
 * earlier miss leaves nothing to look at.
 */
export type OutcomeWord = 'kept' | 'missed' | 'unsupported' | 'not-checked';

/** What became of one clause. */
export interface Outcome {
  readonly id: string;
  readonly text: string;
  readonly passage: Passage;
  readonly outcome: OutcomeWord;
  /** Of a miss; otherwise `null`. */
  readonly miss: Miss | null;
  /** Why it was not checked, or what was looked at. */
  readonly note: string | null;
  /** The clause whose exercise shows a miss again: for rules on all output, the run that broke them. */
  readonly shownBy: string | null;
}
