/**
 * The one error of this library, and the translation of the kernel's error names into its codes.
 *
 * Owns the list of codes. When each is raised is the business of the calls that raise it.
 */

/** What went wrong. The first group is also the vocabulary of the subject contract. */
export type SocketCode =
  | 'refused' // nobody listens there
  | 'unreachable' // no way to the host or network
  | 'unresolved' // the name has no address
  | 'timeout' // a deadline of ours passed, or the kernel gave up
  | 'dead-peer' // nothing was received for longer than agreed
  | 'reset' // the connection was reset or aborted
  | 'broken-pipe' // sent after the connection could take no more
  | 'truncated' // the stream ended inside a message
  | 'closed' // the stream ended between messages while one was due
  | 'too-large' // a message exceeds the limit
  | 'malformed' // the bytes are no message
  | 'address-in-use'
  | 'permission'
  | 'other'
  // Below: what the caller did, not the network.
  | 'aborted' // the caller's signal fired
  | 'would-block' // non-blocking mode, and nothing could be done now
  | 'busy' // another call of the same direction is still waiting
  | 'not-open' // this side has closed the socket
  | 'invalid'; // an argument of a wrong type or range

/** The call that failed. */
export type Operation =
  | 'connect'
  | 'listen'
  | 'accept'
  | 'recv'
  | 'send'
  | 'shutdown'
  | 'close'
  | 'select'
  // What sets something up, and touches no network.
  | 'setBlocking'
  | 'setTimeout'
  | 'setNoDelay'
  | 'setKeepAlive'
  | 'deadline'
  | 'heartbeat'
  | 'reconnect';

/** What an error knows beside its code. */
export interface FailureDetails {
  /** The other end, as `host:port` or a Unix path. */
  readonly peer?: string | undefined;
  /** Bytes of this call that the socket took before it failed. They may or may not have arrived. */
  readonly bytesTaken?: number | undefined;
  /** Bytes of this call that had arrived before it failed. */
  readonly bytesReceived?: number | undefined;
  readonly cause?: unknown;
}

/** Every failure of this library. Match on `code`: it is stable, the message is for people. */
export class SocketError extends Error {
  override readonly name = 'SocketError';
  readonly code: SocketCode;
  readonly op: Operation;
  /** What happened, without the call and the peer that `message` adds. */
  readonly reason: string;
  readonly peer: string | undefined;
  readonly bytesTaken: number | undefined;
  readonly bytesReceived: number | undefined;

  constructor(op: Operation, code: SocketCode, what: string, details: FailureDetails = {}) {
    const peer = details.peer === undefined ? '' : ` (peer ${details.peer})`;
    super(`${op}: ${what}${peer}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.op = op;
    this.reason = what;
    this.peer = details.peer;
    this.bytesTaken = details.bytesTaken;
    this.bytesReceived = details.bytesReceived;
  }
}

/** errno(3) and getaddrinfo(3) names that have a code of their own; every other name is `other`. */
const CODE_BY_NAME: Readonly<Record<string, SocketCode>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  EAI_FAIL: 'unresolved',
  EAI_NONAME: 'unresolved',
  EAI_NODATA: 'unresolved',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  ENOTCONN: 'reset',
  EPIPE: 'broken-pipe',
  EADDRINUSE: 'address-in-use',
  EACCES: 'permission',
  EPERM: 'permission',
};

/** The kernel's name of an error (`ECONNRESET`), if it has one. */
function kernelName(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whatever else a look-up ends in, the name did not resolve: one too long for a name is told as an invalid argument. */
function isLookUp(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'getaddrinfo';
}

/** Translates an error of Node or the kernel into ours; one that is ours already stays as it is. */
export function fromKernel(op: Operation, error: unknown, details: FailureDetails = {}): SocketError {
  if (error instanceof SocketError) return error;
  const name = kernelName(error);
  const code = (name === undefined ? undefined : CODE_BY_NAME[name]) ?? (isLookUp(error) ? 'unresolved' : 'other');
  const text = error instanceof Error && error.message !== '' ? error.message : (name ?? String(error));
  return new SocketError(op, code, text, { ...details, cause: error });
}
