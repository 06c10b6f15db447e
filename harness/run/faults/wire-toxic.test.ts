import { expect, test } from 'vitest';

import { wireToxic } from './wire-toxic.ts';
import type { ToxicFault } from './wire-toxic.ts';

const common = { id: 'f3', direction: 'downstream', when: { on: 'before-connect' } } as const;

test.each<[ToxicFault, object]>([
  [
    { ...common, kind: 'stall', at: 500 },
    { type: 'stall', attributes: { bytes: 500 } },
  ],
  [
    { ...common, kind: 'corrupt', at: 7, xor: 128 },
    { type: 'corrupt', attributes: { offset: 7, xor: 128 } },
  ],
  [
    { ...common, kind: 'bandwidth', kilobytesPerSecond: 50 },
    { type: 'bandwidth', attributes: { rate: 50 } },
  ],
  [
    { ...common, kind: 'reset', at: 9, connections: [1, 3] },
    { type: 'reset', attributes: { bytes: 9, connections: { order: [1, 3] } } },
  ],
])('a planned $kind becomes a toxic of its name, in its direction', (fault, toxic) => {
  expect(wireToxic(fault)).toEqual({ name: 'f3', stream: 'downstream', toxicity: 1, ...toxic });
});
