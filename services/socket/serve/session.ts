/**
 * What a server says on one connection, free of sockets: bytes in, bytes out.
 *
 * Owns the words that the three architectures of this folder share, so that one handler serves in each of them. It speaks only
 * when bytes come: what needs a clock (heartbeats on an idle connection, a pause of its reading, a download that is paced) or to
 * know what the peer has taken cannot be said in them, and is written on a `Socket` itself.
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
