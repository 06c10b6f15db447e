import { describe, expect, test } from 'vitest';

import { payload, payloadKey } from '../contract/payload.ts';
import { client } from '../scenario/expectation.ts';
import type { FaultInput } from '../scenario/fault.ts';
import { defineScenario } from '../scenario/scenario.ts';
import type { ScenarioInput } from '../scenario/scenario.ts';
import { makePlan } from './make-plan.ts';

type Steps = Extract<FaultInput, { kind: 'script' }>['steps'];

function planned(
  role: 'server' | 'client',
  steps: Steps,
  { workload = 'echo', params = {} }: Partial<ScenarioInput> = {},
) {
  const scenario = defineScenario({
    claim: 'what a script becomes',
    source: { passage: 'HOWTO, Using a Socket', requires: 'that scripts are played to the byte' },
    workload,
    params: { messages: 3, messageBytes: 2, ...params },
    faults: [{ kind: 'script', role, steps }],
    expect: [client.completes()],
  });
  const placement = { cell: 'local', proxy: 'wire', server: 'peer', client: 'node', variant: 'fault' } as const;
  const plan = makePlan('framing/scripted', scenario, { ...placement, seed: '1' });
  const scripts = plan.faults.flatMap((fault) => (fault.kind === 'script' ? [fault] : []));
  return { plan, scripts };
}

const hexOf = (step: unknown): string => Buffer.from((step as { base64: string }).base64, 'base64').toString('hex');

describe('a script becomes bytes', () => {
  test('a client has messages of its own on each connection, and so a fault of its own', () => {
    const { plan, scripts } = planned('client', [{ do: 'message', seq: 1 }], { params: { connections: 2 } });
    expect(scripts.map(({ connections }) => connections)).toEqual([[1], [2]]);
    expect(plan.scenarioFaults).toEqual([['f1', 'f2']]);
    for (const [index, script] of scripts.entries()) {
      const key = payloadKey(plan.params.seed, index + 1);
      expect(hexOf(script.steps[0])).toBe(`00000002${payload(plan.params, key, 1).toString('hex')}`);
      expect(script.steps[0]).toMatchObject({ tells: { seq: 1, count: 1, header: 4, trailer: 0 } });
    }
  });

  test('a part of a message is no message, and nothing is told of it', () => {
    const { scripts } = planned('client', [{ do: 'message', seq: 0, to: 3 }]);
    expect(hexOf(scripts[0]?.steps[0])).toBe('000000');
    expect(scripts[0]?.steps[0]).toMatchObject({ tells: null });
  });

  test('a payload of its own is framed as the workload frames', () => {
    const { scripts } = planned('server', [{ do: 'payload', seq: 0, hex: '6f', times: 3 }], {
      params: { framing: 'ascii5' },
    });
    expect(scripts[0]?.steps.map(hexOf)).toEqual([Buffer.from('00003').toString('hex'), '6f']);
    expect(scripts[0]?.steps[1]).toMatchObject({ times: 3, tells: { seq: 0, count: 1 } });
  });

  test('several messages to be taken are taken one by one, each of its size', () => {
    const { scripts } = planned('server', [{ do: 'take', seq: 0, count: 2 }], { params: { framing: 'typed' } });
    expect(scripts[0]?.steps).toMatchObject([{ bytes: 17 }, { bytes: 257 }]);
  });
});

describe('a script that makes no sense is refused', () => {
  test('a server that originates messages where it only answers', () => {
    expect(() => planned('server', [{ do: 'message', seq: 0 }])).toThrow('a server originates no message in echo');
  });

  test('messages of different sizes in one write', () => {
    const typed = { params: { framing: 'typed' } } as const;
    expect(() => planned('client', [{ do: 'message', seq: 0, count: 3 }], typed)).toThrow('different sizes');
  });

  test('one that is too long for the environment', () => {
    expect(() => planned('client', [{ do: 'message', seq: 0 }], { params: { messageBytes: 200_000 } })).toThrow(
      'cannot be handed to the peer',
    );
  });

  test('two roles at once', () => {
    const script = (role: 'server' | 'client'): FaultInput => ({ kind: 'script', role, steps: [] });
    const both = { faults: [script('server'), script('client')], expect: [client.completes()] };
    expect(() =>
      defineScenario({
        ...both,
        claim: 'both are scripted',
        source: { passage: 'HOWTO, Using a Socket', requires: 'that somebody is judged' },
        workload: 'echo',
        params: {},
      }),
    ).toThrow('one role at most');
  });
});
