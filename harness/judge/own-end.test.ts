import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { attemptOf, placesOf } from './attempt.ts';
import { encountersOf } from './encounters.ts';
import type { Setting } from './history-plan.ts';
import { history } from './history.ts';
import type { History } from './history.ts';
import { closedLater } from './own-end.ts';

const when = { on: 'before-connect' } as const;
const hold: PlannedFault = { id: 'f1', kind: 'hold', direction: 'downstream', at: 104, when };

const look = (story: History) => {
  const attempt = attemptOf(story.asItIs());
  return placesOf(attempt).flatMap((place) => closedLater(attempt, place).map(({ outcome }) => outcome));
};

interface Close {
  readonly stampedEarlyMs?: number;
  /** How long after the line the proxy reads the end. */
  readonly readAfterMs?: number;
  readonly setting?: Setting;
  /** What happens between the failure and the close. */
  readonly meanwhile?: (story: History) => void;
}

/** A client that waits in vain for its second echo, fails and closes; the stamps of both may be early. */
function gaveUp({ stampedEarlyMs = 0, readAfterMs = 1, setting = {}, meanwhile }: Close): History {
  const story = history({ faults: [hold], ...setting })
    .connects()
    .exchanges(1, 0)
    .clientSends(1, 1);
  story.serverReceives(1, 1).bites(1, 'f1', 'downstream', 'held').wait(500);
  meanwhile?.(story);
  const before = story.records.length;
  story.fails('client', 'recv', 'timeout');
  for (let at = before; at < story.records.length; at += 1) {
    const record = story.records[at];
    if (record?.kind !== 'event') continue;
    story.records[at] = {
      ...record,
      event: { ...record.event, at: (record.event.at ?? 0) - stampedEarlyMs * 1000 },
    };
  }
  return story.wait(readAfterMs).ends(1, 'upstream');
}

describe('a close', () => {
  test('is known to the proxy as soon as it is told', () => {
    expect(look(gaveUp({}))).toEqual([]);
  });

  test('whose line and whose end both come long after its stamp was stamped too early', () => {
    expect(look(gaveUp({ stampedEarlyMs: 200 }))).toEqual(['fail']);
  });

  test('may be told late by a process, or read late by the proxy', () => {
    const late = gaveUp({ stampedEarlyMs: 200 });
    const end = late.wire.findLastIndex(({ kind }) => kind === 'fin-read');
    const read = late.wire[end];
    if (read !== undefined) late.wire[end] = { ...read, atMs: read.atMs - 200 };
    expect(look(late)).toEqual([]);
    expect(look(gaveUp({ readAfterMs: 600 }))).toEqual([]);
  });

  test('that the proxy reads a second after it was told was none', () => {
    expect(look(gaveUp({ readAfterMs: 1200 }))).toEqual(['fail']);
  });

  test('may come late to both on a host that stalled', () => {
    const meanwhile = (story: History) => story.record({ kind: 'stalled', process: 'proxy', lateMs: 90 });
    expect(look(gaveUp({ stampedEarlyMs: 200, meanwhile }))).toEqual([]);
  });

  test('may come late to both from a process that was frozen', () => {
    const freeze: PlannedFault = { id: 'f2', kind: 'freeze', role: 'client', when };
    const setting = { faults: [hold, freeze] };
    const meanwhile = (story: History) => story.delivers('f2');
    expect(look(gaveUp({ stampedEarlyMs: 200, setting, meanwhile }))).toEqual([]);
  });

  test('is not timed by an end of another cause', () => {
    const shutdown = (story: History) => story.client({ event: 'shutdown', conn: 1 });
    expect(look(gaveUp({ stampedEarlyMs: 200, meanwhile: shutdown }))).toEqual([]);
  });

  test('is not timed by a proxy that a fault keeps from reading, or a receiver that takes nothing', () => {
    const stall: PlannedFault = { id: 'f1', kind: 'stall', direction: 'upstream', at: 104, when };
    expect(look(gaveUp({ stampedEarlyMs: 200, setting: { faults: [stall] } }))).toEqual([]);
    const piece = { conn: 1, direction: 'upstream', offset: 208, bytes: 1 } as const;
    expect(
      look(gaveUp({ stampedEarlyMs: 200, meanwhile: (story) => story.proxy({ kind: 'read', ...piece }) })),
    ).toEqual([]);
  });

  test('is not timed by a proxy that still had to read what came before', () => {
    const story = gaveUp({ stampedEarlyMs: 200, readAfterMs: 0 });
    const end = story.wire.findLastIndex(({ kind }) => kind === 'fin-read');
    const piece = { conn: 1, direction: 'upstream', offset: 208, bytes: 1 } as const;
    story.wire.splice(end, 0, { kind: 'read', ...piece, seq: 0, atMs: story.nowMs });
    story.wire.splice(end + 1, 0, { kind: 'wrote', ...piece, seq: 0, atMs: story.nowMs });
    expect(look(story)).toEqual([]);
  });

  test('may be late by as much as another clock is off', () => {
    const story = gaveUp({ stampedEarlyMs: 200 });
    story.records.splice(1, 0, { kind: 'clock', atMs: 0, aheadMicros: 0, errorMs: 45 });
    expect(look(story)).toEqual([]);
  });
});

describe('the release of a connection whose peer died', () => {
  test('is the end that the proxy read, not the word of the side', () => {
    const [met] = encountersOf(attemptOf(gaveUp({ readAfterMs: 50 }).asItIs()));
    const [early] = encountersOf(attemptOf(gaveUp({ stampedEarlyMs: 200, readAfterMs: 50 }).asItIs()));
    expect(met?.releasedMs).toBeGreaterThan((met?.noticedMs ?? 0) + 45);
    expect(early?.releasedMs).toBe(met?.releasedMs);
  });
});
