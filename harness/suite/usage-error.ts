/**
 * Wrong use or configuration: one clear line and exit status 2, before anything has run.
 */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly code = 'usage';
}

/** A value that will not do, by the flag it is the value of; a configuration may have given it. */
export class FlagError extends UsageError {
  override readonly name = 'FlagError';
  /** Without its dashes. */
  readonly flag: string;
  /** What is wrong with the value, in words that go behind its name. */
  readonly problem: string;

  constructor(flag: string, problem: string, message = `--${flag} ${problem}`) {
    super(message);
    this.flag = flag;
    this.problem = problem;
  }
}
