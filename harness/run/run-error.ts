/**
 * What goes wrong with the harness and its environment, as against with a subject: each becomes a `setup-error`.
 */

export type RunErrorCode =
  | 'proxy-not-started'
  | 'proxy-lost'
  | 'proxy-call-failed'
  | 'engine-lost'
  | 'evidence-not-written'
  | 'cell-not-started';

/** A failure of the harness or its environment, with what to do about it. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly code: RunErrorCode;
  /** What the reader can do, as a sentence. */
  readonly remedy: string;

  constructor(code: RunErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.remedy = remedy;
  }
}

/** How Node ends what the system says. The path is named already, and twice it leaves no room for what to do. */
const CALL_AND_PATH = /, \w+ '[^']*'$/;

/** Evidence of an attempt that there was no room or no right to write. */
export function notWritten(folder: string, error: unknown): RunError {
  return new RunError(
    'evidence-not-written',
    `evidence could not be written to ${folder}: ${messageOf(error).replace(CALL_AND_PATH, '')}`,
    'free some space or name another folder with --report',
    error,
  );
}

/** What went wrong and what to do about it, in one line. */
export function problemOf(error: unknown): string {
  return error instanceof RunError ? `${error.message}; ${error.remedy}` : messageOf(error);
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the reader can do about anything thrown. */
export function remedyOf(error: unknown): string {
  return error instanceof RunError ? error.remedy : 'run "halfopen doctor", then this scenario alone';
}
