/**
 * What the engine confirmed of a role's container, in a few words.
 */
import type { ContainerState, RecordOf } from '../../evidence/record.ts';

const WORDS: Readonly<Record<ContainerState, string>> = {
  paused: 'is paused',
  running: 'runs again',
  detached: 'is off its network',
  attached: 'is back on its network',
  killed: 'is killed',
};

/** `client is paused, by the engine's word`. */
export function containerText({ role, state }: RecordOf<'container'>): string {
  return `${role} ${WORDS[state]}, by the engine's word`;
}
