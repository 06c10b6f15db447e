/**
 * The script of a client that is like any other: whole exchanges, in turns.
 *
 * Owns the good client beside a bad one; only workloads that take turns have one.
 */
import type { FaultInput } from './fault.ts';

/**
 * A client that sends `messages` messages, each once the echo of the one before has come, then ends.
 *
 * @param connections its numbers among the peer's connections
 * @param afterMs how long it waits before the first message
 */
export function politeClient(messages: number, connections: number[], afterMs = 0): FaultInput {
  const turns = Array.from({ length: messages }, (_, seq) => [
    { do: 'message', seq } as const,
    { do: 'take', seq } as const,
  ]);
  return {
    kind: 'script',
    role: 'client',
    polite: true,
    connections,
    steps: [{ do: 'pause', ms: afterMs }, ...turns.flat(), { do: 'end' }, { do: 'take-end' }],
  };
}
