import { expect, test } from 'vitest';

import type { RecordOf } from '../evidence/record.ts';
import { client, server } from '../scenario/expectation.ts';
import { attemptOf } from './attempt.ts';
import { examineExpectation } from './expectations.ts';
import { cleanExchange, history } from './history.ts';
import type { History } from './history.ts';

const MIB = 1024 * 1024;

const READING = { sockets: {}, fds: 20, residentBytes: 50 * MIB, peakBytes: 50 * MIB, cpuMs: 40 };

function reads(story: History, moment: 'begun' | 'settled', more: Partial<RecordOf<'reading'>>): History {
  return story.record({ kind: 'reading', role: 'server', moment, tookMs: 1, ...READING, ...more });
}

/** A kernel that keeps no highest mark. */
const without = (): History => {
  const { peakBytes: _, ...reading } = READING;
  return reads(cleanExchange(), 'begun', {}).record({
    ...reading,
    kind: 'reading',
    role: 'server',
    moment: 'settled',
    tookMs: 1,
  });
};

const story = (settled: Partial<RecordOf<'reading'>>): History =>
  reads(reads(cleanExchange(), 'begun', {}), 'settled', settled);

const look = (told: History, expectation = server.growsAtMost(10)) => {
  const [finding] = examineExpectation(attemptOf(told.asItIs()), expectation);
  return { outcome: finding?.outcome, actual: finding?.actual };
};

test('a process is held to the most it ever had in memory, not to what it has in the end', () => {
  expect(look(story({ peakBytes: 60 * MIB }))).toMatchObject({ outcome: 'pass' });
  expect(look(story({ peakBytes: 61 * MIB, residentBytes: 50 * MIB }))).toEqual({
    outcome: 'fail',
    actual: 'at its most it had 11 MiB more than at first',
  });
});

test('time on a core counts from the first event of the process', () => {
  expect(look(story({ cpuMs: 140 }), server.spendsAtMost(100))).toMatchObject({ outcome: 'pass' });
  expect(look(story({ cpuMs: 150 }), server.spendsAtMost(100))).toEqual({
    outcome: 'fail',
    actual: 'it needed 110 ms',
  });
});

test('without a reading, or without a highest mark, nothing is said', () => {
  expect(look(history())).toMatchObject({ outcome: 'not-checked' });
  expect(look(history(), client.spendsAtMost(1))).toMatchObject({ outcome: 'not-checked' });
  expect(look(without())).toMatchObject({ outcome: 'not-checked' });
});
