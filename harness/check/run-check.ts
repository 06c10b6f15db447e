/**
 * Puts a program to all clauses: which run, how many at a time, and what becomes of each.
 *
 * Owns the order, the first look that decides whether a role is worth checking, and the outcomes; it prints nothing.
 */
import { availableParallelism } from 'node:os';

import type { Role } from '../contract/words.ts';
import { CLAUSES } from './catalogue.ts';
import { isAsked, isNeeded } from './choice.ts';
import { Missed, NotCheckable } from './clause.ts';
import type { Clause, Outcome } from './clause.ts';
import { FIRST_LOOKS } from './clauses/first-look.ts';
import { Limits } from './limits.ts';
import { inParallel } from './parallel.ts';
import { RULES } from './rules.ts';
import { Stage } from './stage.ts';
import type { CheckedProgram } from './stage.ts';
import { isUnsupported } from './transcript.ts';
import type { Transcript } from './transcript.ts';

/** Most of an exercise is waiting: for a process to start, for a deadline. */
const AT_A_TIME = 2 * availableParallelism() + 2;

export interface CheckRequest {
  readonly program: CheckedProgram;
  readonly roles: readonly Role[];
  /** Words for the clauses and rules to tell of (`choice.ts`); empty: all. */
  readonly only: readonly string[];
}

/** One exercise: its outcome, and what the subject showed in it. */
export interface Exercised {
  readonly outcome: Outcome;
  readonly transcripts: readonly Transcript[];
}

/**
 * Checks a program.
 *
 * @param onExercised called with each clause that was asked for, in the order of the catalogue, as soon as it and those before it are through
 * @returns the outcomes of all that was asked for, those of the rules on all output last
 * @throws {SubjectUnstartable} when the command cannot be run at all
 * @throws the signal's reason when aborted; nothing is left running
 */
export async function runCheck(
  request: CheckRequest,
  onExercised: (exercised: Exercised) => void,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const check = new Check(request, onExercised, signal);
  await check.firstLooks();
  await check.clauses();
  return check.outcomes();
}

class Check {
  readonly #request: CheckRequest;
  readonly #onExercised: (exercised: Exercised) => void;
  readonly #signal: AbortSignal;
  readonly #limits = new Limits();
  /** What became of each role's first look, where it was not kept. */
  readonly #hopeless = new Map<Role, Outcome>();
  readonly #exercised: Exercised[] = [];

  constructor(request: CheckRequest, onExercised: (exercised: Exercised) => void, signal: AbortSignal) {
    this.#request = request;
    this.#onExercised = onExercised;
    this.#signal = signal;
  }

  async firstLooks(): Promise<void> {
    const chosen = this.#request.roles.filter((role) => this.#isChosen(FIRST_LOOKS[role]));
    const looks = new Map<Role, Exercised>();
    await inParallel(chosen, chosen.length, async (role) => {
      looks.set(role, await this.#exercise(FIRST_LOOKS[role]));
    });
    for (const role of chosen) {
      const exercised = looks.get(role);
      if (exercised === undefined) continue;
      if (exercised.outcome.outcome !== 'kept') this.#hopeless.set(role, exercised.outcome);
      this.#show(exercised);
    }
  }

  async clauses(): Promise<void> {
    const chosen = CLAUSES.filter((clause) => this.#isChosen(clause));
    const through = new Map<Clause, Exercised>();
    let next = 0;
    const showInOrder = (): void => {
      for (let clause = chosen[next]; clause !== undefined; clause = chosen[next]) {
        const exercised = through.get(clause);
        if (exercised === undefined) return;
        this.#show(exercised);
        next += 1;
      }
    };
    const longestFirst = chosen.toSorted((one, other) => (other.waitsMs ?? 0) - (one.waitsMs ?? 0));
    await inParallel(longestFirst, AT_A_TIME, async (clause) => {
      through.set(clause, this.#skipped(clause) ?? (await this.#exercise(clause)));
      showInOrder();
    });
  }

  outcomes(): Outcome[] {
    const { only } = this.#request;
    const rules = RULES.map((rule) => this.#ruleOutcome(rule));
    // With a choice of clauses a rule is told of only where it was asked for or broken.
    return [
      ...this.#exercised.map((each) => each.outcome).filter((each) => isAsked(only, each)),
      ...rules.filter((rule) => isAsked(only, rule) || rule.outcome === 'missed'),
    ];
  }

  #isChosen(clause: Clause): boolean {
    const { only, roles } = this.#request;
    if (clause.role !== null && !roles.includes(clause.role)) return false;
    return isNeeded(only, clause);
  }

  #show(exercised: Exercised): void {
    this.#exercised.push(exercised);
    if (isAsked(this.#request.only, exercised.outcome)) this.#onExercised(exercised);
  }

  /** A role that does not come to life is not put to anything else. */
  #skipped(clause: Clause): Exercised | null {
    const first = clause.role === null ? undefined : this.#hopeless.get(clause.role);
    if (first === undefined) return null;
    const word = first.outcome === 'unsupported' ? 'unsupported' : 'not-checked';
    return { outcome: outcome(clause, word, null, `see ${first.id}`), transcripts: [] };
  }

  async #exercise(clause: Clause): Promise<Exercised> {
    await using stage = new Stage(this.#request.program, this.#limits, this.#signal);
    let problem: unknown = null;
    try {
      await clause.exercise(stage);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof Missed || error instanceof NotCheckable)) throw error;
      problem = error;
    }
    const transcripts = await stage.finish();
    return { outcome: outcomeOf(clause, problem, transcripts), transcripts };
  }

  #ruleOutcome(rule: (typeof RULES)[number]): Outcome {
    let runs = 0;
    for (const { outcome: shown, transcripts } of this.#exercised) {
      for (const transcript of transcripts) {
        runs += 1;
        const miss = rule.examine(transcript);
        if (miss !== null) return { ...outcome(rule, 'missed', miss, null), shownBy: shown.id };
      }
    }
    return outcome(rule, runs === 0 ? 'not-checked' : 'kept', null, `in ${runs} runs`);
  }
}

function outcomeOf(clause: Clause, problem: unknown, transcripts: readonly Transcript[]): Outcome {
  if (problem === null) return outcome(clause, 'kept', null, null);
  const last = transcripts.at(-1);
  if (last !== undefined && isUnsupported(last)) return outcome(clause, 'unsupported', null, null);
  if (problem instanceof Missed) {
    return outcome(clause, 'missed', { expected: problem.expected, actual: problem.actual }, null);
  }
  return outcome(clause, 'not-checked', null, problem instanceof NotCheckable ? problem.message : null);
}

function outcome(
  clause: Pick<Clause, 'id' | 'text' | 'passage'>,
  word: Outcome['outcome'],
  miss: Outcome['miss'],
  note: string | null,
): Outcome {
  const { id, text, passage } = clause;
  return { id, text, passage, outcome: word, miss, note, shownBy: miss === null ? null : id };
}
