import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { attemptOf } from './attempt.ts';
import { encountersOf } from './encounters.ts';
import { cleanExchange, history } from './history.ts';
import type { History } from './history.ts';
import { judge } from './judge.ts';

const met = (story: History) => encountersOf(attemptOf(story.asItIs()));

const served = (story: History) => met(story).map(({ role, servedMs }) => `${role} ${servedMs}`);

const when = { on: 'before-connect' } as const;
const fin: PlannedFault = { id: 'f1', kind: 'fin', direction: 'downstream', at: 104, when };
const reset: PlannedFault = { id: 'f1', kind: 'reset', direction: 'downstream', at: 104, when };
const stall: PlannedFault = { id: 'f1', kind: 'stall', direction: 'downstream', at: 104, when };
const kill: PlannedFault = { id: 'f1', kind: 'kill', role: 'server', when };
const latency: PlannedFault = { id: 'f1', kind: 'latency', direction: 'downstream', latencyMs: 10, jitterMs: 0, when };

describe('a death that was met', () => {
  test('is timed from its first effect to what was told, to the close, and told to nobody else', () => {
    const story = history({ faults: [fin] })
      .connects()
      .exchanges(1, 0)
      .cuts(1, 'downstream', 'fin');
    story.wait(40).fails('client', 'recv', 'closed');
    const [told, ...others] = met(story);
    expect(others).toEqual([]);
    expect(told).toMatchObject({ role: 'client', death: 'fin', connections: 1, unnoticed: 0 });
    expect(told).not.toHaveProperty('servedMs');
    expect(told?.noticedMs).toBeGreaterThanOrEqual(40);
    expect(told?.noticedMs).toBeLessThan(45);
    expect((told?.releasedMs ?? 0) - (told?.noticedMs ?? 0)).toBe(1);
  });

  test('whoever takes a torn message for a whole one, or for a clean end, has not noticed it', () => {
    const cut = () => {
      const story = history({ faults: [fin] })
        .connects()
        .clientSends(1, 0)
        .serverReceives(1, 0);
      const { wire: _, ...echo } = story.message(1, 0, 'echo');
      return story
        .server({ event: 'sending', conn: 1, ...echo })
        .passes(1, 'downstream', 33)
        .cuts(1, 'downstream', 'fin')
        .wait(1);
    };
    const closed = { event: 'closed', conn: 1 } as const;
    expect(met(cut().fails('client', 'recv', 'truncated'))).toMatchObject([{ death: 'fin', unnoticed: 0 }]);
    expect(met(cut().fails('client', 'recv', 'closed'))).toMatchObject([{ unnoticed: 0 }]);
    expect(met(cut().client({ event: 'eof', conn: 1 }).client(closed))).toMatchObject([
      { unnoticed: 1, noticedMs: null },
    ]);
    const delivered = cut().clientReceives(1, 0).client({ event: 'eof', conn: 1 }).client(closed);
    expect(met(delivered)).toMatchObject([{ unnoticed: 1, noticedMs: null }]);
  });

  test('a reset is met by both, and the slowest connection counts', () => {
    const story = history({ faults: [reset], params: { connections: 2 } })
      .connects(1)
      .connects(2);
    story.cuts(1, 'downstream', 'rst').fails('client', 'recv', 'reset', 1).fails('server', 'recv', 'reset', 1);
    story.cuts(2, 'downstream', 'rst').wait(100).fails('client', 'recv', 'reset', 2);
    const [atClient, atServer] = met(story);
    expect(atClient).toMatchObject({ role: 'client', death: 'reset', connections: 2, unnoticed: 0 });
    expect(atClient?.noticedMs).toBeGreaterThanOrEqual(100);
    // One that never told of it is slower than any that did.
    expect(atServer).toMatchObject({ role: 'server', connections: 2, unnoticed: 1, noticedMs: null, releasedMs: null });
  });

  test('one that nobody tells of is unnoticed', () => {
    const story = history({ faults: [stall] })
      .connects()
      .bites(1)
      .wait(500);
    expect(met(story)).toEqual([
      expect.objectContaining({ role: 'client', death: 'silence', unnoticed: 1, noticedMs: null, releasedMs: null }),
      expect.objectContaining({ role: 'server', death: 'stalled-reader', unnoticed: 1 }),
    ]);
  });

  test('the next message on a later connection is service again', () => {
    const story = history({ workload: 'reconnect', faults: [reset] })
      .connects(1, 1)
      .exchanges(1, 0);
    story.cuts(1, 'downstream', 'rst').fails('client', 'recv', 'reset').fails('server', 'recv', 'reset');
    story.wait(200).connects(2, 1).exchanges(2, 1, 1);
    const [atClient] = met(story);
    expect(atClient?.servedMs).toBeGreaterThanOrEqual(200);
    expect(atClient?.servedMs).toBeLessThan(230);
  });

  test('service that was due and never came is told apart from service that nobody waits for', () => {
    const cut = (change: Parameters<typeof history>[0]) => {
      const story = history({ faults: [reset], ...change })
        .connects(1, 1)
        .exchanges(1, 0);
      return story.cuts(1, 'downstream', 'rst').fails('client', 'recv', 'reset');
    };
    expect(served(cut({ workload: 'reconnect' }))).toEqual(['client null', 'server null']);
    expect(served(cut({}))).toEqual(['client undefined', 'server undefined']);
    const gone = (fault: PlannedFault) =>
      history({ workload: 'reconnect', faults: [fault] })
        .connects()
        .exchanges(1, 0)
        .delivers('f1')
        .fails('client', 'recv', 'reset');
    expect(served(gone(kill))).toEqual(['client undefined']);
    // The host comes back, and not what ran on it.
    const restart: PlannedFault = { id: 'f1', kind: 'restart', role: 'server', forMs: 50, when };
    expect(served(gone(restart))).toEqual(['client undefined']);
  });

  test('a connection that outlives a fault waits for service until it has come to its end', () => {
    const held = (fault: PlannedFault = { ...stall, forMs: 50 }) => {
      const story = history({ faults: [fault] }).connects();
      const lifted = { askedAtMs: story.nowMs + 50, acknowledgedAtMs: story.nowMs + 50 };
      return story.delivers('f1', { lifted }).bites(1).wait(150);
    };
    expect(served(held().fails('client', 'recv', 'timeout'))).toEqual(['client null', 'server null']);
    const closed = { event: 'closed', conn: 1 } as const;
    expect(served(held().client(closed).server(closed))).toEqual(['client undefined', 'server undefined']);
    const tidiedUp = held(stall).fails('client', 'recv', 'timeout');
    expect(served(tidiedUp)).toEqual(['client undefined', 'server undefined']);
  });

  test('a killed process leaves the other side, and meets nothing itself', () => {
    const story = history({ faults: [kill] })
      .connects()
      .exchanges(1, 0)
      .delivers('f1');
    story.fails('client', 'recv', 'reset');
    expect(met(story)).toEqual([expect.objectContaining({ role: 'client', death: 'kill', unnoticed: 0 })]);
  });

  test('a network that is cut leaves both, a container that is killed the other side', () => {
    const deaths = (fault: PlannedFault) =>
      met(
        history({ faults: [fault] })
          .connects()
          .exchanges(1, 0)
          .delivers('f1')
          .wait(50),
      ).map(({ role, death }) => `${role} ${death}`);
    expect(deaths({ id: 'f1', kind: 'cut', role: 'server', when })).toEqual(['client cut', 'server cut']);
    expect(deaths({ id: 'f1', kind: 'kill-container', role: 'server', when })).toEqual(['client kill']);
    const killed = (peerTold: boolean) => deaths({ id: 'f1', kind: 'kill-socket', role: 'server', peerTold, when });
    expect(killed(true)).toEqual(['server reset', 'client reset']);
    expect(killed(false)).toEqual(['server reset', 'client silence']);
  });

  test('a connection that was over before is not concerned, nor is any by a fault that only delays', () => {
    const over = cleanExchange({ faults: [kill] })
      .wait(5)
      .delivers('f1');
    expect(met(over)).toEqual([]);
    expect(met(cleanExchange({ faults: [latency] }).bites(1, 'f1', 'downstream', 'delayed'))).toEqual([]);
  });

  test('is part of the verdict', () => {
    const story = history({ faults: [fin] })
      .connects()
      .exchanges(1, 0)
      .cuts(1, 'downstream', 'fin');
    const evidence = story.fails('client', 'recv', 'closed').fails('server', 'recv', 'reset').evidence();
    expect(judge(evidence).encounters).toEqual([expect.objectContaining({ role: 'client', death: 'fin' })]);
    expect(judge(cleanExchange().evidence()).encounters).toBeUndefined();
  });
});
