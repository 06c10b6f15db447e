/**
 * Errors as the contract names them.
 *
 * Owns the failures that only a conversation can have; those of the socket come with their codes.
 */
import { FrameError } from '../socket/frame/decoder.ts';
import { SocketError } from '../socket/socket-error.ts';

/** The keys of the event `failed`. */
export interface Failure {
  readonly op: string;
  readonly code: string;
  readonly message: string;
}

/** The peer said or left out something that it owed. */
export class ConversationError extends Error {
  override readonly name = 'ConversationError';
  readonly code: 'closed' | 'truncated' | 'mismatch';

  constructor(code: 'closed' | 'truncated' | 'mismatch', message: string) {
    super(message);
    this.code = code;
  }
}

/** Codes of the socket library that say what this program did, not what happened to it. */
const OURS: ReadonlySet<string> = new Set(['would-block', 'busy', 'not-open', 'invalid']);

/** What to report of an error; `stopped` when this side gave up because it was told to. Anything else is a bug. */
export function failureOf(error: unknown): Failure | 'stopped' {
  if (error instanceof SocketError) {
    if (error.code === 'aborted') return 'stopped';
    return { op: error.op, code: OURS.has(error.code) ? 'other' : error.code, message: error.message };
  }
  // A message of ours that the framing cannot carry: an echo with the delimiter in it.
  if (error instanceof FrameError && error.brokenBy === 'local') {
    return { op: 'send', code: 'other', message: error.message };
  }
  if (error instanceof FrameError || error instanceof ConversationError) {
    return { op: 'recv', code: error.code, message: error.message };
  }
  throw error;
}
