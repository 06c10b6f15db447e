/**
 * The closed lists of the subject contract, version 1: roles, workloads, framings, operations, failure codes.
 *
 * Owns the words and nothing else; their shapes stand in `params.ts` and `event.ts`.
 */

/** The version a subject is asked for in `HALFOPEN_CONTRACT`. */
export const CONTRACT_VERSION = '1';

/** Exit status of a subject that does not support what it was asked, beside the line `{"event":"unsupported"}`. */
export const EXIT_UNSUPPORTED = 127;

export const ROLES = ['server', 'client'] as const;
export type Role = (typeof ROLES)[number];

export const WORKLOADS = [
  'connect',
  'echo',
  'pipeline',
  'upload',
  'download',
  'idle',
  'slow-reader',
  'reconnect',
] as const;
export type Workload = (typeof WORKLOADS)[number];

export const FRAMINGS = ['fixed', 'delimited', 'prefix32', 'ascii5', 'typed', 'until-end'] as const;
export type Framing = (typeof FRAMINGS)[number];

export const OPERATIONS = ['listen', 'connect', 'accept', 'send', 'recv', 'shutdown'] as const;
export type Operation = (typeof OPERATIONS)[number];

export const FAILURE_CODES = [
  'refused',
  'unreachable',
  'unresolved',
  'timeout',
  'dead-peer',
  'reset',
  'broken-pipe',
  'truncated',
  'closed',
  'too-large',
  'malformed',
  'mismatch',
  'address-in-use',
  'permission',
  'other',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];
