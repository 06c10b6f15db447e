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

  test('a fault that could not be lifted counts no more than one that was not delivered: it lasted longer than was asked', () => {
    expect(look({ error: { step: 'lift', message: 'still there' } }).delivered).toBe(false);
    expect(look({ lifted: { askedAtMs: 9, acknowledgedAtMs: null } }).delivered).toBe(false);
  });
});
