/**
 * Drawing from the seed: a pure function of seed and label, the same on every machine and in every order.
 */
import { createHash } from 'node:crypto';

/**
 * A whole number from 0 to `below - 1`.
 *
 * @param seed the run's seed
 * @param label what is drawn; the same label draws the same number
 */
export function draw(seed: string, label: string, below: number): number {
  const digest = createHash('sha256').update(`${seed}\n${label}`).digest();
  return digest.readUIntBE(0, 6) % below;
}
