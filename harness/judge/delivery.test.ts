import { describe, expect, test } from 'vitest';

import type { Receipt } from '../evidence/receipt.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { attemptOf } from './attempt.ts';
import { allDelivered, examineDelivery } from './delivery.ts';
import { history } from './history.ts';

const hold: PlannedFault = {
  id: 'f1',
  kind: 'hold',
  direction: 'downstream',
  at: 0,
  forMs: 50,
  when: { on: 'before-connect' },
};

const effect = {
  kind: 'effect',
  conn: 1,
  toxic: 'f1',
  type: 'hold',
  direction: 'downstream',
  effect: 'held',
  offset: 0,
} as const;

function look(
  receipt: Partial<Receipt> | null,
  story = history({ faults: [hold] })
    .connects()
    .proxy(effect),
) {
  if (receipt !== null) story.delivers('f1', receipt);
  const attempt = attemptOf(story.asItIs());
  const [first] = examineDelivery(attempt);
  return { outcome: first?.finding.outcome, reason: first?.finding.unknownReason, delivered: allDelivered(attempt) };
}

describe('a fault counts once it is proved', () => {
  test('a receipt with an effect proves it', () => {
    expect(look({})).toEqual({ outcome: 'pass', reason: null, delivered: true });
  });

  test.each(['released', 'missed'])(
    'a receipt of which the proxy that was to do it tells only %s proves nothing',
    (what) => {
      const released = { ...effect, effect: what };
      const unknown = { outcome: 'unknown', reason: 'fault-not-delivered', delivered: false };
      expect(look({}, history({ faults: [hold] }).connects())).toEqual(unknown);
      expect(
        look(
          {},
          history({ faults: [hold] })
            .connects()
            .proxy(released),
        ),
      ).toEqual(unknown);
      expect(look({}, history({ faults: [hold], proxy: 'toxiproxy' }).connects()).outcome).toBe('pass');
    },
  );

  test.each([
    ['no receipt', null, 'fault-not-delivered'],
    ['asked but without effect', { delivered: null }, 'fault-not-delivered'],
    ['never asked', { asked: null, acknowledged: null, delivered: null }, 'fault-not-delivered'],
    ['not installed', { delivered: null, error: { step: 'install', message: 'no such proxy' } }, 'fault-not-delivered'],
    ['a lift that failed', { error: { step: 'lift', message: 'still there' } }, 'lift-failed'],
    ['a lift that nothing acknowledged', { lifted: { askedAtMs: 9, acknowledgedAtMs: null } }, 'lift-failed'],
  ] as const)('%s is unknown', (_title, receipt, reason) => {
    expect(look(receipt)).toMatchObject({ outcome: 'unknown', reason });
  });

  test.each([
    ['never lifted', null, 'lift-failed'],
    ['lifted at once', 2, 'fault-not-delivered'],
    ['lifted a little early', 46, 'fault-not-delivered'],
  ] as const)('one for 50 ms that was %s proves nothing', (_title, afterMs, reason) => {
    const story = history({ faults: [hold] })
      .connects()
      .proxy(effect);
    const atMs = story.nowMs;
    const lifted = afterMs === null ? null : { askedAtMs: atMs + afterMs, acknowledgedAtMs: atMs + afterMs };
    story.delivers('f1', { lifted }).wait(200).client({ event: 'done' });
    expect(look(null, story)).toEqual({ outcome: 'unknown', reason, delivered: false });
  });

  test('one that was lifted because the client was done has lasted as long as it could', () => {
    const story = history({ faults: [{ ...hold, forMs: 900 }] })
      .connects()
      .proxy(effect);
    const liftMs = story.nowMs + 100;
    story
      .delivers('f1', { lifted: { askedAtMs: liftMs, acknowledgedAtMs: liftMs } })
      .wait(100)
      .client({ event: 'done' });
    expect(look(null, story)).toMatchObject({ outcome: 'pass', delivered: true });
  });

  test.each([
    [5, 'pass', true],
    [200, 'unknown', false],
  ] as const)('one that came %d ms after the client was done: %s', (afterMs, outcome, delivered) => {
    const freeze: PlannedFault = { id: 'f1', kind: 'freeze', role: 'server', when: { on: 'before-connect' } };
    const story = history({ faults: [freeze] })
      .connects()
      .client({ event: 'done' })
      .wait(afterMs)
      .delivers('f1');
    expect(look(null, story)).toMatchObject({ outcome, delivered });
  });

  test.each([
    ['none', 'unknown', false],
    ['a failure', 'pass', true],
  ] as const)(
    'one that may have come before the client was done, or after: with %s to show for it, %s',
    (harm, outcome, delivered) => {
      const cut: PlannedFault = { id: 'f1', kind: 'cut', role: 'client', when: { on: 'before-connect' } };
      const story = history({ faults: [cut] }).connects();
      const earliestMs = story.nowMs;
      if (harm === 'a failure') story.fails('client', 'recv', 'timeout');
      story.client({ event: 'done' }).wait(200);
      const span = { earliestMs, latestMs: story.nowMs, count: 1, grade: 'engine', proof: 'told so' } as const;
      story.delivers('f1', { delivered: span });
      expect(look(null, story)).toMatchObject({ outcome, delivered });
    },
  );

  test('one that could not be installed proves nothing, whatever else its receipt tells', () => {
    const error = { step: 'install', message: 'no such proxy' } as const;
    expect(look({ error })).toEqual({ outcome: 'unknown', reason: 'fault-not-delivered', delivered: false });
  });

  test('a fault that could not be lifted counts no more than one that was not delivered: it lasted longer than was asked', () => {
    expect(look({ error: { step: 'lift', message: 'still there' } }).delivered).toBe(false);
    expect(look({ lifted: { askedAtMs: 9, acknowledgedAtMs: null } }).delivered).toBe(false);
  });
});
