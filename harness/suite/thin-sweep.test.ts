import { expect, test } from 'vitest';

import { client } from '../scenario/expectation.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { atEach, sweeping } from '../scenario/sweep.ts';
import { thinned } from './thin-sweep.ts';

const sweep = (places: number) =>
  defineScenario({
    claim: 'A claim that is long enough',
    source: { passage: 'HOWTO, Using a Socket', requires: 'Something that is long enough' },
    workload: 'echo',
    params: sweeping(places),
    faults: atEach(0, places - 1, (byte, own) => ({
      kind: 'fin',
      direction: 'downstream',
      at: { message: 0, byte },
      ...own,
    })),
    expect: [client.completes()],
    kills: ['x'],
  });

const placesOf = (scenario: ReturnType<typeof sweep>) =>
  scenario.faults.map((fault) =>
    'at' in fault && !Array.isArray(fault.at) && fault.at !== undefined ? fault.at : null,
  );

test('a sweep keeps so many places, its first and its last among them, each on a connection of its own', () => {
  const left = thinned(sweep(100), 32);
  expect(left.params).toMatchObject({ connections: 32, concurrency: 32 });
  expect(left.faults.map((fault) => ('connections' in fault ? fault.connections : null))).toEqual(
    Array.from({ length: 32 }, (_, index) => [index + 1]),
  );
  const places = placesOf(left);
  expect([places[0], places.at(-1)]).toEqual([
    { message: 0, byte: 0 },
    { message: 0, byte: 99 },
  ]);
  expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(32);
});

test('one with no more places, and a scenario that is no sweep, stay as they are', () => {
  const small = sweep(32);
  expect(thinned(small, 32)).toBe(small);
  const plain = { ...sweep(40), params: { ...sweep(40).params, connections: 41 } };
  expect(thinned(plain, 32)).toBe(plain);
});
