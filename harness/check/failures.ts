/**
 * Whether a transcript tells of the one failure that is due on a connection, in the contract's words. Pure.
 */
import type { FailureCode, Operation } from '../contract/words.ts';
import type { Miss } from './clause.ts';
import { allOf, onConnection } from './transcript.ts';
import type { EventOf, Told, Transcript } from './transcript.ts';

/** What a connection must fail with. */
export interface DueFailure {
  /** Empty: whichever call was told of it. */
  readonly ops: readonly Operation[];
  readonly codes: readonly FailureCode[];
  /** Whole messages that must be received all the same. */
  readonly received: number;
}

/** What is wrong with the failure of a connection as its events tell it, if anything. */
export function failureMiss(transcript: Transcript, conn: number, due: DueFailure): Miss | null {
  const told = onConnection(transcript, conn);
  const names = told.map(({ event }) => event.event).join(', ') || 'nothing';
  const expected = `on connection ${conn} ${wordsOf(due)}, then "closed"`;
  const failed = failureOn(transcript, conn)?.event;
  if (failed === undefined) return { expected, actual: `it printed ${names} there` };
  const rightOp = due.ops.length === 0 || due.ops.includes(failed.op);
  if (!rightOp || !due.codes.includes(failed.code)) {
    return { expected, actual: `it printed "failed" with op ${failed.op}, code ${failed.code}: ${failed.message}` };
  }
  if (told.at(-1)?.event.event !== 'closed') return { expected, actual: `it printed ${names} there` };
  const received = told.filter(({ event }) => event.event === 'received').length;
  if (received === due.received) return null;
  return { expected: `${due.received} "received" on connection ${conn}`, actual: `it printed ${received}` };
}

/** The failure of a connection, if it has one. */
export function failureOn(transcript: Transcript, conn: number): Told<EventOf<'failed'>> | undefined {
  return allOf(transcript, 'failed').find(({ event }) => event.conn === conn);
}

/** A connection that must end without a failure. */
export function unfailedMiss(transcript: Transcript, conn: number): Miss | null {
  const failed = failureOn(transcript, conn)?.event;
  const closed = onConnection(transcript, conn).some(({ event }) => event.event === 'closed');
  const expected = `"closed" of connection ${conn} without "failed"`;
  if (failed !== undefined) {
    return { expected, actual: `it printed "failed" with op ${failed.op}, code ${failed.code}: ${failed.message}` };
  }
  return closed ? null : { expected, actual: 'it did not say that it closed' };
}

function wordsOf({ ops, codes }: DueFailure): string {
  const op = ops.length === 0 ? 'any op' : `op ${ops.join(' or ')}`;
  return `one "failed" with ${op}, code ${codes.join(' or ')}`;
}
