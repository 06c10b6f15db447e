import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { firstJson } from './body.ts';

test('the first value of a body is read, whatever it is and whatever follows', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, rest) => {
      // A number would go on in what follows it.
      const text = ` ${JSON.stringify(value)} ${rest}`;
      expect(firstJson(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.for(['"', '{"a": "', '"\\', '[{"a": 1}', '["]"', '{'])('a value that does not end is refused: %s', (text) => {
  expect(() => firstJson(text)).toThrow('unexpected EOF');
});

test.for([
  ['an open string of quotes', '"', '\\"'],
  ['closed strings', '[', '"\\\\",'],
  ['brackets', '', '['],
] as const)('a long body of %s takes no longer a letter than a short one', ([, begin, more]) => {
  const text = begin + more.repeat(200_000 / more.length);
  const began = performance.now();
  expect(() => firstJson(text)).toThrow('unexpected EOF');
  // It takes some milliseconds; to look at every letter again from each quote takes ten seconds.
  expect(performance.now() - began).toBeLessThan(2000);
});
