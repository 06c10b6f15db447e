/**
 * A sweep with fewer places: the same question, asked less often.
 *
 * Owns which places are left; a scenario that is no sweep stays as it is.
 */
import type { Scenario } from '../scenario/scenario.ts';

/**
 * Leaves a sweep's faults at `most` places, evenly spread, the first and the last among them.
 *
 * @param most at least 2
 */
export function thinned(scenario: Scenario, most: number): Scenario {
  const { faults, params } = scenario;
  if (faults.length <= most || !faults.every((each, index) => isAlone(each, index + 1))) return scenario;
  if (params.connections !== faults.length) return scenario;
  const step = (faults.length - 1) / (most - 1);
  const left = Array.from({ length: most }, (_, place) => faults[Math.round(place * step)]);
  return {
    ...scenario,
    params: { ...params, connections: most, concurrency: Math.min(params.concurrency, most) },
    faults: left.flatMap((each, place) => (each === undefined ? [] : [{ ...each, connections: [place + 1] }])),
  };
}

/** Whether a fault is for the one connection of its number. */
function isAlone(fault: Scenario['faults'][number], conn: number): boolean {
  return 'connections' in fault && fault.connections?.length === 1 && fault.connections[0] === conn;
}
