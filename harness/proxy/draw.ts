/**
 * Chance that can be repeated: every draw is a function of the seed and of what is drawn for, never of order or time.
 */

/**
 * A number in [0, 1) for these words, the same for the same words.
 *
 * The hash is cyrb53 (53 bits, public domain, by bryc): well spread and fast, not meant for secrets.
 */
export const draw = (...words: readonly (string | number)[]): number => {
  const text = words.join('\u0000');
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)) / 2 ** 53;
};
