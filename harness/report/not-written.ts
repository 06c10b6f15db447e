/**
 * What could not be written of a report: the path, why, and what can be done about it.
 */

/** The system would not have it written. */
export class NotWrittenError extends Error {
  override readonly name = 'NotWrittenError';
  readonly code = 'report-not-written';
  /** What the reader can do, as a clause. */
  readonly remedy: string;

  constructor(path: string, cause: Error, remedy: string) {
    super(`${path} cannot be written: ${cause.message}`, { cause });
    this.remedy = remedy;
  }
}

/** An error of writing to `path` as it is to be told; any but the system's as it is. */
export function notWritten(path: string, error: unknown, remedy: string): unknown {
  const isSystems = error instanceof Error && 'syscall' in error;
  return isSystems ? new NotWrittenError(path, error, remedy) : error;
}
