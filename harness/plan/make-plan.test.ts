import { describe, expect, test } from 'vitest';

import { defineScenario } from '../scenario/scenario.ts';
import type { Scenario, ScenarioInput } from '../scenario/scenario.ts';
import type { FaultInput } from '../scenario/fault.ts';
import { client, event, fault as faultMark, lastByte, server } from '../scenario/expectation.ts';
import { whyUnsupported } from './capability.ts';
import { makePlan } from './make-plan.ts';
import type { Placement } from './make-plan.ts';

const placement: Placement = {
  cell: 'local',
  proxy: 'wire',
  server: 'node',
  client: 'node',
  seed: 'one',
  variant: 'fault',
};

function scenarioWith(change: Partial<ScenarioInput>): Scenario {
  return defineScenario({
    claim: 'A claim that is long enough',
    source: { passage: 'HOWTO, Using a Socket', requires: 'Something that is long enough' },
    workload: 'echo',
    params: { messages: 4, messageBytes: 100 },
    expect: [client.completes()],
    ...change,
  });
}

const planOf = (change: Partial<ScenarioInput>, where: Partial<Placement> = {}) =>
  makePlan('group/claim', scenarioWith(change), { ...placement, ...where });

test("the run's clocks are those of a scenario that names none", () => {
  expect(planOf({})).not.toHaveProperty('kernel');
  expect(planOf({}, { kernel: 'fast' })).toMatchObject({ kernel: 'fast' });
  expect(planOf({ kernel: 'stock' }, { kernel: 'fast' })).toMatchObject({ kernel: 'stock' });
  expect(planOf({ kernel: 'fast' }, { kernel: 'stock' })).toMatchObject({ kernel: 'fast' });
});

describe('places become byte offsets', () => {
  test('a byte of a message is counted from the start of the stream, headers included', () => {
    const plan = planOf({ faults: [{ kind: 'reset', direction: 'downstream', at: { message: 2, byte: 7 } }] });
    expect(plan.faults).toEqual([
      { id: 'f1', kind: 'reset', direction: 'downstream', at: 2 * 104 + 7, when: { on: 'before-connect' } },
    ]);
  });

  test('a place left to the seed lies inside its part, and the same seed draws the same byte', () => {
    const fault = { kind: 'fin', direction: 'upstream', at: { message: 1, inside: 'payload' } } as const;
    const offsets = Array.from({ length: 200 }, (_, index) => {
      const [planned] = planOf({ faults: [fault] }, { seed: `s${index}` }).faults;
      return planned?.kind === 'fin' ? planned.at : -1;
    });
    expect(Math.min(...offsets)).toBeGreaterThanOrEqual(104 + 4 + 1);
    expect(Math.max(...offsets)).toBeLessThan(104 + 4 + 100);
    expect(new Set(offsets).size).toBeGreaterThan(50);
    expect(planOf({ faults: [fault] })).toEqual(planOf({ faults: [fault] }));
  });

  test('a place outside its message is refused by name', () => {
    expect(() => planOf({ faults: [{ kind: 'fin', direction: 'upstream', at: { message: 0, byte: 105 } }] })).toThrow(
      'byte 105 is not in message 0: it has 104 bytes on the wire',
    );
  });

  test('the reply of an upload is 64 digits without a header', () => {
    const plan = planOf({
      workload: 'upload',
      faults: [{ kind: 'fin', direction: 'downstream', at: { message: 0, byte: 64 } }],
    });
    expect(plan.faults[0]).toHaveProperty('at', 64);
  });

  test("a fault in both directions becomes two, and the scenario's numbering is kept", () => {
    const plan = planOf({
      faults: [
        { kind: 'fragment', direction: 'both', every: 1, gapMs: 1 },
        { kind: 'kill', role: 'server' },
      ],
    });
    expect(plan.faults.map((fault) => [fault.id, fault.kind, 'direction' in fault ? fault.direction : null])).toEqual([
      ['f1', 'fragment', 'upstream'],
      ['f2', 'fragment', 'downstream'],
      ['f3', 'kill', null],
    ]);
    expect(plan.scenarioFaults).toEqual([['f1', 'f2'], ['f3']]);
  });
});

describe('what a plan waits', () => {
  test('a delay is paid once for each message of an echo, and for the end after them', () => {
    expect(planOf({ faults: [{ kind: 'latency', direction: 'downstream', latencyMs: 50 }] }).waitsMs).toBe(250);
  });

  test('one-byte pieces are paid by the gap between each two', () => {
    const faults = [{ kind: 'fragment', direction: 'upstream', every: 1, gapMs: 2 } as const];
    expect(planOf({ faults }).waitsMs).toBe((4 * 104 - 1) * 2);
  });

  test('a fault that ends the exchange leaves only the bounds that are stated', () => {
    const plan = planOf({
      params: { messages: 100, paceMs: 50, messageBytes: 10 },
      faults: [{ kind: 'swallow', direction: 'downstream', at: { message: 1, byte: 0 } }],
      expect: [
        client.fails({ codes: ['timeout'], within: { from: event('client', 'sent'), atLeastMs: 300, atMostMs: 400 } }),
      ],
    });
    expect(plan.waitsMs).toBe(300);
  });

  test('connections that are opened one after the other each wait', () => {
    const within = { from: event('client', 'connecting'), atLeastMs: 2000, atMostMs: 8000 } as const;
    const plan = planOf({
      workload: 'connect',
      params: { connections: 5, concurrency: 2, connectTimeoutMs: 0 },
      faults: [{ kind: 'hang-connect' }],
      expect: [client.fails({ codes: ['timeout'], within })],
    });
    expect(plan.waitsMs).toBe(3 * 2000);
    expect(plan.limits.exchangeMs).toBeGreaterThan(3 * 2500);
  });

  test('heartbeats that must have been heard before a bound begins are paid at their pace', () => {
    const heartbeats = (direction: 'upstream' | 'downstream') =>
      planOf({
        workload: 'idle',
        params: { heartbeatMs: 50, deadPeerMs: 250, durationMs: 3_000 },
        faults: [{ kind: 'swallow', direction, at: { message: 2, byte: 0 } }],
        seen: [client.seen('heard', 2)],
        expect: [
          client.fails({ codes: ['dead-peer'], within: { from: lastByte(direction), atLeastMs: 250, atMostMs: 300 } }),
        ],
      });
    expect(heartbeats('downstream').waitsMs).toBe(350);
    // What the client heard says nothing of when the last byte went the other way.
    expect(heartbeats('upstream').waitsMs).toBe(250);
  });

  test('a narrow line is paid for every byte of it, 1000 of them a kilobyte', () => {
    const faults = [{ kind: 'bandwidth', direction: 'downstream', kilobytesPerSecond: 2 } as const];
    expect(planOf({ faults }).waitsMs).toBe((4 * 104) / 2);
  });

  test('connections that are delayed side by side wait for the slowest of them', () => {
    const delay = (latencyMs: number, connection: number): FaultInput => ({
      kind: 'latency',
      direction: 'upstream',
      latencyMs,
      connections: [connection],
    });
    expect(planOf({ faults: [delay(10, 1), delay(30, 2)] }).waitsMs).toBe(5 * 30);
    expect(planOf({ faults: [delay(10, 1), delay(30, 1)] }).waitsMs).toBe(5 * 40);
  });

  test('a stall is paid for as long as it lasts, and one without an end not at all', () => {
    const stall = { kind: 'stall', direction: 'upstream', at: { message: 1, byte: 0 } } as const;
    expect(planOf({ faults: [{ ...stall, forMs: 150 }] }).waitsMs).toBe(150);
    expect(planOf({ faults: [stall] }).waitsMs).toBe(0);
  });

  test('an exchange without a fault waits for its pace', () => {
    expect(planOf({ params: { messages: 5, paceMs: 20 } }).waitsMs).toBe(80);
    expect(planOf({ workload: 'reconnect', params: { messages: 5, paceMs: 20 } }).waitsMs).toBe(80);
  });

  test('an exchange may take longer for each message that waits for an answer, and not for those that need none', () => {
    const limitMs = (workload: 'echo' | 'pipeline', messages: number) =>
      planOf({ workload, params: { messages } }).limits.exchangeMs;
    expect(limitMs('echo', 104) - limitMs('echo', 4)).toBe(2_000);
    expect(limitMs('pipeline', 104)).toBe(limitMs('pipeline', 4));
  });
});

test('a control has no faults and expects both roles to complete', () => {
  const plan = planOf({ faults: [{ kind: 'refuse' }] }, { variant: 'control' });
  expect(plan.faults).toEqual([]);
  expect(plan.expect).toEqual([
    { kind: 'completes', role: 'client' },
    { kind: 'completes', role: 'server' },
  ]);
});

test('the payloads differ from run to run with the seed', () => {
  expect(planOf({}, { seed: 'a' }).params.seed).not.toBe(planOf({}, { seed: 'b' }).params.seed);
});

describe('what cannot be delivered is said with its reason', () => {
  test('the wire proxy delivers every fault in a local cell', () => {
    const plan = planOf({ faults: [{ kind: 'coalesce', direction: 'both', bytes: 10, waitMs: 1 }] });
    expect(whyUnsupported(plan, 'local', 'wire')).toBeNull();
  });

  test.each<[FaultInput, string]>([
    [{ kind: 'coalesce', direction: 'upstream', bytes: 10, waitMs: 1 }, 'no toxic that joins'],
    [{ kind: 'hold', direction: 'upstream', at: { message: 1, byte: 0 } }, 'chosen offset'],
    [{ kind: 'stall', direction: 'upstream', at: { message: 1, byte: 0 } }, 'goes on reading'],
    [{ kind: 'corrupt', direction: 'upstream', at: { message: 1, byte: 0 } }, 'changes a byte'],
    [{ kind: 'hang-connect' }, 'accepts whatever comes'],
    [{ kind: 'fragment', direction: 'upstream', at: [{ message: 0, byte: 1 }], gapMs: 1 }, 'chosen offsets'],
  ])('real Toxiproxy cannot deliver %j', (fault, reason) => {
    expect(whyUnsupported(planOf({ faults: [fault] }), 'docker', 'toxiproxy')).toContain(reason);
  });

  test('real Toxiproxy cannot carry a workload that half-closes', () => {
    expect(whyUnsupported(planOf({ workload: 'upload' }), 'docker', 'toxiproxy')).toContain('ends both directions');
    expect(whyUnsupported(planOf({ params: { framing: 'until-end' } }), 'docker', 'toxiproxy')).toContain(
      'ends both directions',
    );
  });

  test('real Toxiproxy can narrow a line', () => {
    const faults = [{ kind: 'bandwidth', direction: 'downstream', kilobytesPerSecond: 2 } as const];
    expect(whyUnsupported(planOf({ faults }), 'docker', 'toxiproxy')).toBeNull();
  });
});

describe('faults below TCP', () => {
  const drop = { kind: 'drop', role: 'client', direction: 'both' } as const;

  test('a drop both ways is two faults, each with a proof of its own', () => {
    const plan = planOf({ faults: [drop] });
    expect(plan.faults.map((fault) => 'direction' in fault && fault.direction)).toEqual(['upstream', 'downstream']);
    expect(plan.scenarioFaults).toEqual([['f1', 'f2']]);
  });

  test.each<FaultInput>([
    drop,
    { kind: 'cut', role: 'server' },
    { kind: 'restart', role: 'server' },
    { kind: 'reject', icmp: 'host-unreachable' },
    { kind: 'rate', role: 'client', kilobytesPerSecond: 10 },
    { kind: 'kill-socket', role: 'client' },
  ])('%j needs a container, and the wire proxy', (fault) => {
    const plan = planOf({ faults: [fault] });
    expect(whyUnsupported(plan, 'local', 'wire')).toContain('--cell docker');
    expect(whyUnsupported(plan, 'docker', 'toxiproxy')).toContain('hands a reset on as an end');
    expect(whyUnsupported(plan, 'docker', 'wire')).toBeNull();
  });

  test('short clocks of the kernel need a container of their own', () => {
    const plan = planOf({ kernel: 'fast' });
    expect(plan.kernel).toBe('fast');
    expect(whyUnsupported(plan, 'local', 'wire')).toContain('kernel clocks');
    expect(whyUnsupported(plan, 'docker', 'wire')).toBeNull();
  });

  test('a network that comes back is waited for, a narrow one paid for but for what it lets through at once', () => {
    expect(planOf({ faults: [{ kind: 'cut', role: 'client', forMs: 300 }] }).waitsMs).toBe(300);
    const params = { messages: 4, messageBytes: 4096 };
    const faults = [{ kind: 'rate', role: 'client', kilobytesPerSecond: 10 } as const];
    expect(planOf({ params, faults }).waitsMs).toBe((4 * 4100 - 4096) / 10);
  });
});

describe('a server gets time for its own deadline before the faults are lifted', () => {
  const settleMs = (fault: FaultInput): number =>
    planOf(
      { workload: 'idle', params: { heartbeatMs: 100, deadPeerMs: 600, durationMs: 3000 }, faults: [fault] },
      { cell: 'docker' },
    ).limits.settleMs;
  const heard = { when: { on: 'event', role: 'server', event: 'heard', nth: 3 } } as const;

  test.each<FaultInput>([
    { kind: 'stall', direction: 'downstream', at: { message: 2, byte: 0 } },
    { kind: 'swallow', direction: 'upstream', at: { message: 2, byte: 0 } },
    { kind: 'kill-socket', role: 'client', peerTold: false, ...heard },
    { kind: 'drop', role: 'client', direction: 'upstream', ...heard },
    { kind: 'cut', role: 'client', ...heard },
  ])('where $kind keeps it from hearing of the end', (fault) => {
    expect(settleMs(fault)).toBeGreaterThanOrEqual(1000);
  });

  test('where the scenario gives it time to tell of a failure', () => {
    const within = { from: faultMark(), atLeastMs: 0, atMostMs: 700 };
    const { limits } = planOf({ expect: [server.fails({ codes: ['reset'], within })] });
    expect(limits.settleMs).toBeGreaterThanOrEqual(900);
  });

  test('and no more than a moment where no byte is due, and silence no sign of death', () => {
    const fault: FaultInput = { kind: 'drop', role: 'client', direction: 'upstream' };
    const params = { durationMs: 3000, ioTimeoutMs: 2000 };
    const { limits } = planOf({ workload: 'idle', params, faults: [fault] }, { cell: 'docker' });
    expect(limits.settleMs).toBeLessThan(600);
  });

  test.each<FaultInput>([
    { kind: 'swallow', direction: 'downstream', at: { message: 2, byte: 0 } },
    { kind: 'kill-socket', role: 'client', ...heard },
  ])('and no more than a moment where $kind does not', (fault) => {
    expect(settleMs(fault)).toBeLessThan(600);
  });
});
