import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { detected } from './detected.ts';
import { found, history, outcome } from './history.ts';
import { reaches } from './last-hop.ts';
import { recovered } from './recovered.ts';

const WHEN = { on: 'event', role: 'client', event: 'connected', nth: 1, afterMs: 0 } as const;
const cut: PlannedFault = { id: 'f1', kind: 'cut', role: 'client', when: WHEN };

test('what is handed over reaches a role unless a fault of its own network lies between', () => {
  expect(reaches({ faults: [cut] }, 'client')).toBe(false);
  expect(reaches({ faults: [cut] }, 'server')).toBe(true);
  expect(reaches({ faults: [{ id: 'f1', kind: 'reject', icmp: 'host-unreachable', when: WHEN }] }, 'client')).toBe(
    true,
  );
  expect(reaches({ faults: [{ id: 'f1', kind: 'freeze', role: 'client', when: WHEN }] }, 'client')).toBe(true);
});

describe('a client that is cut off its network', () => {
  const params = { heartbeatMs: 100, deadPeerMs: 400 };
  const idle = () => history({ workload: 'idle', faults: [cut], params }).connects();

  test('is right to report a dead peer although the proxy went on handing heartbeats over', () => {
    const story = idle().client({ event: 'heard', conn: 1 }).delivers('f1');
    for (let beat = 0; beat < 3; beat += 1) story.wait(100).passes(1, 'downstream', 4);
    story.wait(100).fails('client', 'recv', 'dead-peer').server({ event: 'closed', conn: 1 });
    expect(outcome(found(detected, story.asItIs())).outcomes).toEqual(['pass']);
  });

  test('is still held to its budget, from the last that it heard itself', () => {
    const story = idle().client({ event: 'heard', conn: 1 }).delivers('f1');
    story.wait(800).fails('client', 'recv', 'dead-peer').server({ event: 'closed', conn: 1 });
    expect(outcome(found(detected, story.asItIs())).outcomes).toContain('fail');
  });
});

describe('an echo that waits for a network to come back', () => {
  const short: PlannedFault = { ...cut, forMs: 500 };

  /** The answer comes so long after the network. */
  const answeredAfter = (ms: number) => {
    const story = history({ faults: [short], params: { ioTimeoutMs: 10_000 } })
      .connects()
      .exchanges(1, 0)
      .clientSends(1, 1)
      .wait(500);
    story.delivers('f1', {
      delivered: {
        earliestMs: story.nowMs - 500,
        latestMs: story.nowMs - 490,
        count: 1,
        grade: 'engine',
        proof: 'the engine says so',
      },
      lifted: { askedAtMs: story.nowMs, acknowledgedAtMs: story.nowMs },
    });
    story.wait(ms).serverReceives(1, 1).serverEchoes(1, 1).clientReceives(1, 1);
    return outcome(found(recovered, story.asItIs())).outcomes;
  };

  test('may take as long again as the outage lasted: the kernel waits twice as long each time', () => {
    expect(answeredAfter(900)).toEqual(['pass']);
  });

  test('but not for ever', () => {
    expect(answeredAfter(4000)).toEqual(['fail']);
  });
});
