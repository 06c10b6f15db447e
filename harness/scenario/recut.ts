/**
 * Ways of cutting, joining and delaying one exchange, so many of them, drawn from the seed.
 *
 * Owns the word. Each connection goes its own way but the first, which is left alone; that none of them may be noticed is
 * what `alike` expects. Drawing the ways belongs to `plan`.
 */
import * as v from 'valibot';

export const recutSchema = v.strictObject({
  kind: v.literal('recut'),
  /** One connection each. */
  ways: v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(500)),
  /** No byte is kept back longer than this, in either direction and all together. */
  atMostMs: v.pipe(v.number(), v.minValue(1), v.maxValue(10_000)),
});
