import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { NO_FILTER, readHash, withFilter, writeHash } from './hash-state.ts';
import type { HashState } from './hash-state.ts';

const overview: HashState = { page: '', attempt: 1, part: '', stretch: null, event: null, filter: NO_FILTER };

describe('the hash', () => {
  test('names a case as its anchor does, so that the link works without a script', () => {
    expect(readHash('#framing/whole/local-wire/node+node')).toEqual({
      ...overview,
      page: 'framing/whole/local-wire/node+node',
    });
  });

  test('names an instant, a stretch and an event of the time line', () => {
    expect(readHash('#a/b&t=12.5')).toMatchObject({ page: 'a/b', stretch: [12.5, 12.5] });
    expect(readHash('#a/b:2&t=12.5-13&e=71')).toMatchObject({ attempt: 2, stretch: [12.5, 13], event: 71 });
    expect(readHash('#a/b:1:upstream-3')).toMatchObject({ page: 'a/b', attempt: 1, part: 'upstream-3' });
  });

  test('names a filter', () => {
    expect(readHash('#q=node%20python&v=fail,unknown').filter).toEqual({
      ...NO_FILTER,
      text: 'node python',
      verdicts: ['fail', 'unknown'],
    });
    expect(readHash('#tag=needs:docker').filter).toEqual({ ...NO_FILTER, tag: 'needs:docker' });
  });

  test('takes the filter along to a case, to an instant of it and back, and loses it where there is none any more', () => {
    const failed = { ...NO_FILTER, verdicts: ['fail'] };
    expect(withFilter('#a/b', failed)).toBe('#a/b&v=fail');
    expect(withFilter('#a/b:2&t=12.5', failed)).toBe('#a/b:2&t=12.500&v=fail');
    expect(withFilter('#overview', failed)).toBe('#v=fail');
    expect(withFilter('#a/b&v=fail', NO_FILTER)).toBe('#a/b');
    expect(withFilter('#v=fail', NO_FILTER)).toBe('#overview');
  });

  test('takes nonsense for nothing', () => {
    expect(readHash('#t=soon&e=-1&%')).toEqual(overview);
    expect(readHash('')).toEqual(overview);
    expect(readHash('#overview')).toEqual(overview);
  });

  test('is read back as it was written', () => {
    const time = fc.integer({ min: -5000, max: 10_000_000 }).map((value) => value / 1000);
    const state: fc.Arbitrary<HashState> = fc.record({
      page: fc.constantFrom('', 'a/b/local-wire/node+node', 'x~22y/z'),
      attempt: fc.integer({ min: 1, max: 99 }),
      part: fc.constantFrom('', 'upstream-3'),
      stretch: fc.option(fc.tuple(time, time).map(([a, b]): [number, number] => (a <= b ? [a, b] : [b, a]))),
      event: fc.option(fc.nat(999_999_999)),
      filter: fc.record({
        text: fc.string(),
        verdicts: fc.subarray(['fail', 'pass']),
        fault: fc.string(),
        behaviour: fc.string(),
        tag: fc.string(),
      }),
    });
    fc.assert(
      fc.property(state, (any) => {
        // Only a case has attempts.
        const value = any.page === '' ? { ...any, attempt: 1, part: '' } : any;
        expect(readHash(writeHash(value))).toEqual(value);
      }),
    );
  });
});
