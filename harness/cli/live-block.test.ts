import { expect, test } from 'vitest';

import { fitted } from './live-block.ts';

const told = {
  phase: 'exchange · bandwidth, latency in force',
  pair: 'node→python',
  scenario: 'dead-peer/a-frozen-server-that-thaws-in-time-is-alive',
};

test('where there is room all of it is told', () => {
  expect(fitted(told, 120)).toBe(`${told.phase}  ${told.pair}  ${told.scenario}`);
});

test.each([104, 80, 64, 50, 44])(
  'in %i columns a scenario is still known by its name, and no line is longer',
  (columns) => {
    const line = fitted(told, columns);
    expect(line.length).toBeLessThanOrEqual(columns);
    expect(line).toMatch(/^exchange ·/);
    expect(line).toMatch(/ {2}a-frozen-server-that-/);
  },
);

test('in 80 columns one fault in force is told whole beside it', () => {
  const line = fitted({ ...told, phase: 'exchange · freeze in force', pair: 'node→node' }, 79 - 15);
  expect(line).toBe('exchange · freeze in force  node→node  a-frozen-server-that-tha…');
});

test('the pair is the last to go', () => {
  expect(fitted(told, 64)).toContain('  node→python  ');
  expect(fitted(told, 44)).not.toContain('node→python');
});
