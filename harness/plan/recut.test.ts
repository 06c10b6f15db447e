import { expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { defineScenario } from '../scenario/scenario.ts';
import type { ScenarioInput } from '../scenario/scenario.ts';
import { client } from '../scenario/expectation.ts';
import { sweeping } from '../scenario/sweep.ts';
import { makePlan } from './make-plan.ts';

const WAYS = 40;
const AT_MOST_MS = 200;
const WIRE_BYTES = 4 + 40;

function planned(seed: string, params: ScenarioInput['params'] = {}): PlannedFault[] {
  const scenario = defineScenario({
    claim: 'however it is cut',
    source: { passage: 'HOWTO, Using a Socket', requires: 'that no way of cutting is seen' },
    workload: 'pipeline',
    params: { messages: 6, messageBytes: 40, paceMs: 10, ...sweeping(WAYS), ...params },
    faults: [{ kind: 'recut', ways: WAYS, atMostMs: AT_MOST_MS }],
    expect: [client.alike()],
  });
  const placement = { cell: 'local', proxy: 'wire', server: 'node', client: 'node', variant: 'fault' } as const;
  return makePlan('framing/however', scenario, { ...placement, seed }).faults;
}

const connOf = (fault: PlannedFault): number => ('connections' in fault ? (fault.connections?.[0] ?? 0) : 0);

test('each connection goes a way of its own, drawn from the seed alone', () => {
  const faults = planned('7');
  expect(planned('7')).toEqual(faults);
  expect(planned('8')).not.toEqual(faults);
  const ways = Map.groupBy(faults, connOf);
  const told = [...ways.values()].map((way) =>
    JSON.stringify(way.map((fault) => ({ ...fault, id: '', connections: [] }))),
  );
  expect(new Set(told).size).toBeGreaterThan(WAYS / 2);
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['latency', 'fragment', 'coalesce']));
});

test('the first is as good as left alone', () => {
  const first = planned('7').filter((fault) => connOf(fault) === 1);
  expect(first.map(({ kind }) => kind)).toEqual(['latency', 'latency']);
});

test('every cut lies inside a message, where it is sure to cut', () => {
  for (const seed of ['1', '2', '3']) {
    const cuts = planned(seed).flatMap((fault) => (fault.kind === 'fragment' ? (fault.at ?? []) : []));
    expect(cuts.length).toBeGreaterThan(10);
    for (const at of cuts) {
      expect(at % WIRE_BYTES).not.toBe(0);
      expect(at).toBeLessThan(6 * WIRE_BYTES);
    }
  }
});

test('what is joined is not cut in one place, where the join may end by itself', () => {
  for (const seed of ['1', '2', '3']) {
    const kinds = [
      ...Map.groupBy(
        planned(seed),
        (fault) => `${connOf(fault)} ${'direction' in fault ? fault.direction : ''}`,
      ).values(),
    ];
    const joined = kinds.filter((way) => way.some(({ kind }) => kind === 'coalesce'));
    expect(joined.length).toBeGreaterThan(3);
    for (const way of joined)
      expect(way.every((fault) => fault.kind !== 'fragment' || fault.every !== undefined)).toBe(true);
  }
});

test('no byte is kept back longer than the scenario allows', () => {
  for (const way of Map.groupBy(planned('7'), connOf).values()) {
    const keptMs = way.map((fault) => {
      if (fault.kind === 'latency') return fault.latencyMs + fault.jitterMs;
      if (fault.kind === 'coalesce') return fault.waitMs;
      if (fault.kind !== 'fragment') return 0;
      return fault.gapMs * (fault.at?.length ?? Math.ceil((6 * WIRE_BYTES) / (fault.every ?? 1)));
    });
    expect(keptMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(AT_MOST_MS);
  }
});
