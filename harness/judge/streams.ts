/**
 * Which messages each side of a connection should send and receive, in order.
 *
 * Owns CONTRACT, Workloads, as streams of messages; comparing them with what happened is `integrity.ts`.
 */
import { clientSeqs } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import type { DueMessage, Form, Origin } from './ledger.ts';
import { towards } from './wire-connection.ts';

/** A stream of messages that one side of one connection should have sent or received. */
export interface Stream {
  readonly origin: Origin;
  readonly form: Form;
  /** Numbers of its messages, in order. */
  readonly seqs: readonly number[];
}

/** `unknown`: it is not known which connection this is, or the messages are no payloads. */
export type Due = Stream | 'unknown';

const NOTHING: Stream = { origin: 'server', form: 'original', seqs: [] };

/** What a side should receive. */
export function dueTo(attempt: Attempt, { side, connection }: Place): Due {
  const { workload } = attempt.plan;
  if (workload === 'idle' || workload === 'connect') return NOTHING;
  if (side.role === 'server') return clientStream(attempt, connection, 'original');
  if (workload === 'slow-reader') return NOTHING;
  if (workload === 'download') return serverStream(attempt);
  return workload === 'upload' ? 'unknown' : clientStream(attempt, connection, 'echo');
}

/** What a side should send. */
export function dueFrom(attempt: Attempt, { side, connection }: Place): Due {
  const { workload } = attempt.plan;
  if (workload === 'idle' || workload === 'connect') return NOTHING;
  if (side.role === 'client') return clientStream(attempt, connection, 'original');
  if (workload === 'slow-reader') return NOTHING;
  if (workload === 'download') return serverStream(attempt);
  return workload === 'upload' ? 'unknown' : clientStream(attempt, connection, 'echo');
}

/** The message at a place of a stream; null: the stream has none there. */
export function messageAt(attempt: Attempt, stream: Stream, index: number): DueMessage | null {
  const seq = stream.seqs[index];
  return seq === undefined ? null : attempt.ledger.message(stream.origin, seq, stream.form);
}

function clientStream(attempt: Attempt, connection: Place['connection'], form: Form): Due {
  if (connection.key === null) return 'unknown';
  return { origin: connection.key, form, seqs: clientSeqs(attempt, connection) };
}

function serverStream({ ledger }: Attempt): Stream {
  return { origin: 'server', form: 'original', seqs: ledger.seqs };
}

/** Where each message of the stream towards a side ends. */
export function endsTo(attempt: Attempt, { side, connection }: Place): number[] {
  const { workload } = attempt.plan;
  if (workload === 'idle' || workload === 'connect') return [];
  const direction = towards(side.role);
  const isOwn = workload === 'download' && direction === 'downstream';
  return attempt.ledger.ends(direction, isOwn ? attempt.ledger.seqs : clientSeqs(attempt, connection));
}
