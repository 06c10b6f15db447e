import { expect, test } from 'vitest';

import type { ToxicRequest } from '../proxy-control.ts';
import { NotInToxiproxy, toxiproxyToxics } from './toxiproxy-toxics.ts';

const common = { name: 'f1', stream: 'downstream' } as const;

test('a reset after exactly N bytes is a limit on connections that linger for nothing', () => {
  expect(toxiproxyToxics({ ...common, type: 'reset', attributes: { bytes: 7 } })).toEqual([
    { name: 'f1-linger', stream: 'downstream', toxicity: 0, type: 'reset_peer', attributes: { timeout: 0 } },
    { name: 'f1', stream: 'downstream', toxicity: 1, type: 'limit_data', attributes: { bytes: 7 } },
  ]);
});

test('pieces of one size are slices without variation, their gap in microseconds', () => {
  expect(toxiproxyToxics({ ...common, type: 'fragment', attributes: { every: 3, gap: 2 } })).toMatchObject([
    { type: 'slicer', attributes: { average_size: 3, size_variation: 0, delay: 2000 } },
  ]);
});

test.for<ToxicRequest>([
  { ...common, type: 'fragment', attributes: { offsets: [1, 4] } },
  { ...common, type: 'swallow', attributes: { bytes: 1 } },
  { ...common, type: 'coalesce', attributes: { bytes: 10, wait: 1 } },
  { ...common, type: 'hold', attributes: { bytes: 0 } },
  { ...common, type: 'fin', attributes: { bytes: 1, connections: { order: [1] } } },
])('what Toxiproxy cannot do is said, not approximated: %o', (toxic) => {
  expect(() => toxiproxyToxics(toxic)).toThrow(NotInToxiproxy);
});
