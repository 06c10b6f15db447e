/**
 * A run as the report is given it: values only, whatever state the folder was in.
 */
import type { Role } from '../contract/words.ts';
import type { Evidence, PlainEvidence } from '../evidence/evidence.ts';
import type { Mutants } from '../evidence/mutants.ts';
import type { Run } from '../evidence/run.ts';
import type { Verdict } from '../evidence/verdict.ts';

/** The end of a subject's log. */
export interface LogTail {
  readonly text: string;
  /** What stands before it in the file. */
  readonly omittedBytes: number;
}

/** One attempt, as far as its folder could be read. */
export interface AttemptRecord {
  /** Relative to the run's folder. */
  readonly folder: string;
  readonly evidence: Evidence | PlainEvidence | null;
  readonly verdict: Verdict | null;
  readonly logs: Readonly<Record<Role, LogTail | null>>;
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}

/** The run without its attempts. */
export interface RunRecord {
  readonly run: Run;
  /** False: the run was killed, or goes on; its results are those so far. */
  readonly ended: boolean;
  /** `environment.json`, unchecked; null where there is none. */
  readonly environment: unknown;
  /** `mutants.json`: the seeded bugs of the run; null where there is none that can be read. */
  readonly mutants: Mutants | null;
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}
