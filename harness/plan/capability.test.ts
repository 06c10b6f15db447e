import { expect, test } from 'vitest';

import type { Params } from '../contract/params.ts';
import type { Workload } from '../contract/words.ts';
import { client } from '../scenario/expectation.ts';
import type { FaultInput } from '../scenario/fault.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { whyNotIn, whyUnsupported } from './capability.ts';
import { makePlan } from './make-plan.ts';

const DOWNSTREAM = { direction: 'downstream' } as const;
const LATER = { on: 'event', role: 'client', event: 'received' } as const;

function whyNotWithToxiproxy(
  fault: FaultInput,
  workload: Workload = 'echo',
  params: Partial<Params> = {},
): string | null {
  const scenario = defineScenario({
    claim: 'A claim that is long enough',
    source: { passage: 'HOWTO, Using a Socket', requires: 'Something that is long enough' },
    workload,
    params: { messages: 4, messageBytes: 100, ...params },
    faults: [fault],
    expect: [client.completes()],
  });
  const where = {
    cell: 'docker',
    proxy: 'toxiproxy',
    server: 'node',
    client: 'node',
    seed: 's',
    variant: 'fault',
  } as const;
  return whyUnsupported(makePlan('group/claim', scenario, where), 'docker', 'toxiproxy');
}

test('real Toxiproxy ends a connection after some bytes, but not before the first', () => {
  expect(whyNotWithToxiproxy({ kind: 'reset', ...DOWNSTREAM, at: { message: 1, byte: 0 } })).toBeNull();
  expect(whyNotWithToxiproxy({ kind: 'fin', ...DOWNSTREAM, at: { message: 1, byte: 0 } })).toBeNull();
  expect(whyNotWithToxiproxy({ kind: 'reset', ...DOWNSTREAM, at: { message: 0, byte: 0 } })).toContain('a byte comes');
});

test('real Toxiproxy resets after a few bytes exactly, after many not', () => {
  const reset = (message: number) => whyNotWithToxiproxy({ kind: 'reset', ...DOWNSTREAM, at: { message, byte: 0 } });
  expect(reset(1)).toBeNull();
  expect(reset(3)).toBeNull();
  expect(
    whyNotWithToxiproxy({ kind: 'reset', ...DOWNSTREAM, at: { message: 1, byte: 0 } }, 'echo', {
      messageBytes: 100_000,
    }),
  ).toContain('overtake');
});

test('real Toxiproxy makes a reset of an end where a side goes on sending', () => {
  const fin = { kind: 'fin', ...DOWNSTREAM, at: { message: 1, byte: 0 } } as const;
  expect(whyNotWithToxiproxy(fin, 'pipeline')).toContain('makes a reset of that');
  expect(whyNotWithToxiproxy(fin, 'download')).toBeNull();
  expect(whyNotWithToxiproxy({ ...fin, kind: 'reset' }, 'pipeline')).toBeNull();
});

test('real Toxiproxy makes a reset of the end of an idle connection on which the server beats', () => {
  const latency = { kind: 'latency', ...DOWNSTREAM, latencyMs: 10 } as const;
  expect(whyNotWithToxiproxy(latency, 'idle', { framing: 'prefix32', heartbeatMs: 50 })).toContain(
    'ends both directions',
  );
  expect(whyNotWithToxiproxy(latency, 'idle', { framing: 'prefix32', heartbeatMs: 0 })).toBeNull();
});

test('real Toxiproxy refuses who comes, but does not tell the truth to who is there', () => {
  expect(whyNotWithToxiproxy({ kind: 'refuse' })).toBeNull();
  expect(whyNotWithToxiproxy({ kind: 'refuse', when: LATER })).toContain('ends live connections');
});

test('real Toxiproxy has its faults on all connections', () => {
  const latency = { kind: 'latency', ...DOWNSTREAM, latencyMs: 10 } as const;
  expect(whyNotWithToxiproxy(latency)).toBeNull();
  expect(whyNotWithToxiproxy({ ...latency, connections: [2] })).toContain('cannot choose connections');
});

test('limits on what a subject may use need a container, and only that', () => {
  const resources = { client: { fds: 64 } };
  expect(whyNotIn('local', { faults: [], resources })).toContain('resources: ');
  expect(whyNotIn('docker', { faults: [], resources })).toBeNull();
});
