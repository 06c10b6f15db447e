/**
 * The numbers that a process gives to its connections: CONTRACT, Output.
 *
 * Owns that they count from 1, whatever order their events come in. Part of the invariant `contract`.
 */
import { broken } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Process } from './process.ts';
import { counted } from './wording.ts';

/** A number above those of all that it told of. One that was killed may not have come to tell of them all. */
export function wrongNumbers({ role, sides, killedMs, signalled }: Process): Finding[] {
  const beyond = sides.find(({ conn }) => conn > sides.length);
  const isKilled = killedMs !== null || signalled.some(({ signal }) => signal === 'SIGKILL');
  if (beyond === undefined || isKilled) return [];
  const atMs = beyond.events[0]?.atMs ?? null;
  return [
    broken({
      expected: `the ${role} numbers its connections from 1`,
      actual: `it told of ${counted(sides.length, 'connection')}, and of one numbered ${beyond.conn}`,
      atMs,
    }),
  ];
}
