/**
 * What a scenario expects, as plain values, with the words that make them.
 *
 * Owns the vocabulary; whether an expectation is met is decided in `judge`.
 */
import * as v from 'valibot';

import { FAILURE_CODES, OPERATIONS, ROLES } from '../contract/words.ts';
import type { FailureCode, Operation, Role } from '../contract/words.ts';
import { DIRECTIONS } from './fault.ts';
import type { Direction } from './fault.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const boundMs = v.pipe(v.number(), v.minValue(0), v.maxValue(600_000));

/**
 * An instant of one connection that a bound counts from.
 * `fault`: the first effect of a fault, by its place in the scenario's list (from 0; null: whichever bites first) · `event`: the first (or `seq`-th)
 * such event of a role · `last-byte`: the last byte the proxy handed on in a direction.
 */
export const markSchema = v.variant('mark', [
  v.strictObject({ mark: v.literal('fault'), index: v.optional(v.nullable(count), 0) }),
  v.strictObject({
    mark: v.literal('event'),
    role: v.picklist(ROLES),
    event: v.picklist(['connecting', 'connected', 'accepted', 'sending', 'sent', 'received', 'shutdown']),
    seq: v.optional(count),
  }),
  v.strictObject({ mark: v.literal('last-byte'), direction: v.picklist(DIRECTIONS) }),
]);
export type Mark = v.InferOutput<typeof markSchema>;

/** Both bounds of a time, counted from a mark. A lower bound is as much a claim as an upper one. */
export const withinSchema = v.strictObject({ from: markSchema, atLeastMs: boundMs, atMostMs: boundMs });
export type Within = v.InferOutput<typeof withinSchema>;

export const expectationSchema = v.variant('kind', [
  /** Every connection of the role gets through its workload without a `failed`. */
  v.strictObject({ kind: v.literal('completes'), role: v.picklist(ROLES) }),
  /** Every connection of the role ends in one of these failures, within the bounds if given. */
  v.strictObject({
    kind: v.literal('fails'),
    role: v.picklist(ROLES),
    codes: v.pipe(v.array(v.picklist(FAILURE_CODES)), v.minLength(1)),
    ops: v.optional(v.pipe(v.array(v.picklist(OPERATIONS)), v.minLength(1))),
    within: v.optional(withinSchema),
  }),
  /** Every connection of the role leaves the same transcript, times and digests aside: how its bytes were cut is not seen. */
  v.strictObject({ kind: v.literal('alike'), role: v.picklist(ROLES) }),
  /** Each connection of the role has this many `received`. */
  v.strictObject({ kind: v.literal('delivers'), role: v.picklist(ROLES), atLeast: count, atMost: count }),
  /** The role's process never has more than this in memory above what it began with, by the kernel's count. */
  v.strictObject({ kind: v.literal('grows'), role: v.picklist(ROLES), atMostMiB: count }),
  /** The role's process needs no more time on a core than this for the whole exchange, by the kernel's count. */
  v.strictObject({ kind: v.literal('spends'), role: v.picklist(ROLES), atMostMs: boundMs }),
]);
export type Expectation = v.InferOutput<typeof expectationSchema>;

/** Something that must have happened before the fault, or the run proves nothing. */
export const seenSchema = v.strictObject({
  role: v.picklist(ROLES),
  event: v.picklist(['connected', 'accepted', 'sent', 'received', 'heard', 'read']),
  atLeast: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});
export type Seen = v.InferOutput<typeof seenSchema>;

/** The words about one role. */
function expectationsOf(role: Role) {
  return {
    completes: (): Expectation => ({ kind: 'completes', role }),
    alike: (): Expectation => ({ kind: 'alike', role }),
    fails: (how: { codes: FailureCode[]; ops?: Operation[]; within?: Within }): Expectation => ({
      kind: 'fails',
      role,
      ...how,
    }),
    delivers: (atLeast: number, atMost: number = atLeast): Expectation => ({ kind: 'delivers', role, atLeast, atMost }),
    growsAtMost: (atMostMiB: number): Expectation => ({ kind: 'grows', role, atMostMiB }),
    spendsAtMost: (atMostMs: number): Expectation => ({ kind: 'spends', role, atMostMs }),
    seen: (event: Seen['event'], atLeast = 1): Seen => ({ role, event, atLeast }),
  };
}

export const client = expectationsOf('client');
export const server = expectationsOf('server');

/** The last byte that the proxy handed on in a direction. */
export const lastByte = (direction: Direction): Mark => ({ mark: 'last-byte', direction });

/** The first effect of the scenario's `index`-th fault, from 0. */
export const fault = (index = 0): Mark => ({ mark: 'fault', index });

/** The first effect that any of the scenario's faults has on the connection: for a sweep, which gives each its own. */
export const ownFault = (): Mark => ({ mark: 'fault', index: null });

/** An event of a role. */
export const event = (role: Role, name: Extract<Mark, { mark: 'event' }>['event'], seq?: number): Mark => ({
  mark: 'event',
  role,
  event: name,
  ...(seq === undefined ? {} : { seq }),
});
