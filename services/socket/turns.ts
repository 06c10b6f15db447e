/**
 * Turns of the event loop: how this library lets the kernel, and everybody else, have their say.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

export { nextTurn };

/**
 * Resolves when what the kernel has for this process at this moment has been told. The first turn ends the one that is
 * under way, whose look at the kernel may lie behind it; the second one looks.
 */
export async function nextTurns(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
