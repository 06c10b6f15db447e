/**
 * What a server says on one connection, free of sockets: bytes in, bytes out.
 *
 * Owns the words that the three architectures of this folder share, so that one handler serves in each of them.
 */

/** One conversation. */
export interface Session {
  /** Takes what has arrived and gives what is to be sent, possibly nothing. */
  readonly receive: (bytes: Uint8Array) => Uint8Array;
  /** The peer has ended its writing; gives the last words. The connection is closed after them. */
  readonly end: () => Uint8Array;
}

/** Begins the conversation on a new connection. */
export type Handler = () => Session;
