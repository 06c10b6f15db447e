/**
 * A scenario's expectations and preconditions in words.
 */
import type { Expectation, Mark, Seen, Within } from '../../scenario/expectation.ts';
import { count, counted } from '../text/quantity.ts';

export function describeExpectation(expectation: Expectation): string {
  const { kind, role } = expectation;
  if (kind === 'completes') return `the ${role} completes its workload without a failure`;
  if (kind === 'alike') return `every connection of the ${role} leaves the same transcript`;
  if (kind === 'delivers') {
    const { atLeast, atMost } = expectation;
    const number = atLeast === atMost ? counted(atLeast, 'message') : `${count(atLeast)} to ${count(atMost)} messages`;
    return `the ${role} receives ${number} on each connection`;
  }
  if (kind === 'grows') return `the ${role} never grows by more than ${count(expectation.atMostMiB)} MiB`;
  if (kind === 'spends') return `the ${role} needs at most ${count(expectation.atMostMs)} ms on a core`;
  const { codes, ops, within } = expectation;
  const where = ops === undefined ? '' : ` on ${ops.join(' or ')}`;
  return `the ${role} fails with ${codes.join(' or ')}${where}${within === undefined ? '' : boundWords(within)}`;
}

function boundWords({ atLeastMs, atMostMs, from }: Within): string {
  return `, ${count(atLeastMs)} to ${count(atMostMs)} ms after ${describeInstant(from)}`;
}

export function describeSeen({ role, event, atLeast }: Seen): string {
  return `the ${role}'s ${event}${atLeast === 1 ? '' : `, ${count(atLeast)} times`}`;
}

function describeInstant(mark: Mark): string {
  if (mark.mark === 'fault') {
    if (mark.index === null) return 'the first fault to bite';
    return mark.index === 0 ? 'the fault' : `fault ${mark.index + 1}`;
  }
  if (mark.mark === 'last-byte') return `the last byte ${mark.direction}`;
  return mark.seq === undefined
    ? `the ${mark.role}'s first ${mark.event}`
    : `the ${mark.role}'s ${mark.event} of message ${mark.seq}`;
}
