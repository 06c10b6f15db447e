/**
 * Sending and receiving at the same time on one connection.
 *
 * Owns which failure counts when both have one.
 */
import { SocketError } from '../socket/socket-error.ts';
import type { Stops } from './stops.ts';

/** A failed send of these kinds leaves bytes to be received that arrived before the connection broke. */
function brokeTheConnection(error: unknown): boolean {
  return error instanceof SocketError && (error.code === 'reset' || error.code === 'broken-pipe');
}

/**
 * Runs both until the receiver is done or one of them fails. The first failure counts and ends the other; only when the
 * connection broke under the sender does the receiver first take what had arrived.
 */
export async function sideBySide(
  stops: Stops,
  send: (stops: Stops) => Promise<void>,
  receive: (stops: Stops) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const stop = AbortSignal.any([stops.stop, over.signal]);
  const kill = AbortSignal.any([stops.kill, over.signal]);
  let outcome: 'done' | { readonly failure: unknown } | undefined;
  const sending = send({ stop, kill }).catch((failure: unknown) => {
    outcome ??= { failure };
    if (!brokeTheConnection(failure)) over.abort();
  });
  const receiving = receive({ stop, kill })
    .then(
      () => (outcome ??= 'done'),
      (failure: unknown) => (outcome ??= { failure }),
    )
    .finally(() => over.abort());
  await Promise.all([sending, receiving]);
  if (typeof outcome === 'object') await Promise.reject(outcome.failure);
}
