import { describe, expect, test } from 'vitest';

import type { Direction, PlannedFault } from '../scenario/fault.ts';
import { halfClose } from './half-close.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { Setting } from './history-plan.ts';
import type { History } from './history.ts';
import { integrity } from './integrity.ts';

const messages = (story: History) => outcome(found(integrity, story.asItIs()));
const ends = (story: History) => outcome(found(halfClose, story.asItIs()));

const when = { on: 'before-connect' } as const;
const WIRE_BYTES = 104;

/** A message and an echo that is on its way to the client from some instant on; the client has yet to tell of it. */
function answered(setting: Setting = {}, bytes = WIRE_BYTES): History {
  const story = history(setting).connects().clientSends(1, 0).serverReceives(1, 0);
  const { wire: _, ...echo } = story.message(1, 0, 'echo');
  story.server({ event: 'sending', conn: 1, ...echo }).server({ event: 'sent', conn: 1, seq: 0 });
  return bytes === 0 ? story : story.passes(1, 'downstream', bytes);
}

/** Moves back what the proxy told last, by how much it was late to tell it. */
function toldLate(story: History, kind: 'wrote' | 'read', byMs: number): History {
  const index = story.wire.findLastIndex((event) => event.kind === kind);
  const event = story.wire[index];
  if (event !== undefined) story.wire[index] = { ...event, atMs: event.atMs + byMs };
  return story;
}

/** Stamps what was told last earlier than it was printed. */
function stampedEarly(story: History, byMs: number): History {
  const last = story.records.at(-1);
  if (last?.kind !== 'event') throw new Error('no event was told last');
  const event = { ...last.event, at: (last.event.at ?? 0) - byMs * 1000 };
  story.records[story.records.length - 1] = { ...last, event };
  return story;
}

describe('a message that a side tells of', () => {
  test('has been handed on to it', () => {
    expect(messages(cleanExchange()).outcomes).toEqual(['pass']);
  });

  test('is not there while its last byte is not', () => {
    const story = answered({}, WIRE_BYTES - 1).clientReceives(1, 0);
    expect(messages(story).outcomes).toEqual(['pass']);
    const told = messages(story.proxy({ kind: 'closed', conn: 1 }));
    expect(told).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining('byte 103') });
    expect(told.actual).toContain('the proxy never handed that on');
  });

  test('is not there before its last byte was handed on, though it comes later', () => {
    const story = answered({}, 0).clientReceives(1, 0).wait(1).passes(1, 'downstream', WIRE_BYTES);
    expect(messages(story).outcomes).toEqual(['fail']);
  });

  test('is there a millisecond after', () => {
    expect(messages(answered().clientReceives(1, 0)).outcomes).toEqual(['pass']);
  });

  test('is taken on its word where the proxy left out what came before', () => {
    const story = answered({}, WIRE_BYTES - 1);
    story.wire.splice(story.wire.length - 1, 1);
    story.passes(1, 'downstream', 1);
    expect(messages(toldLate(story, 'wrote', 9).clientReceives(1, 0)).outcomes).toEqual(['pass']);
  });

  test('counts with the heartbeats before it', () => {
    const story = answered()
      .client({ event: 'heard', conn: 1 })
      .clientReceives(1, 0)
      .proxy({ kind: 'closed', conn: 1 });
    expect(messages(story)).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining('byte 107') });
  });

  test('is not stamped long before it was handed on, whenever its line came', () => {
    const story = answered({}, 0).wait(300).passes(1, 'downstream', WIRE_BYTES).clientReceives(1, 0);
    expect(messages(stampedEarly(story, 200)).outcomes).toEqual(['fail']);
  });

  test('may be stamped early by a process that takes the time seldom, and by one that was frozen', () => {
    const story = answered({}, 0).wait(300).passes(1, 'downstream', WIRE_BYTES).clientReceives(1, 0);
    expect(messages(stampedEarly(story, 90)).outcomes).toEqual(['pass']);

    const freeze: PlannedFault = { id: 'f1', kind: 'freeze', role: 'client', when };
    const frozen = answered({ faults: [freeze] }, 0)
      .delivers()
      .wait(300)
      .passes(1, 'downstream', WIRE_BYTES);
    expect(messages(stampedEarly(frozen.clientReceives(1, 0), 200)).outcomes).toEqual(['pass']);
  });

  test('may be stamped early on a host that stalled', () => {
    const story = answered({}, 0).wait(300);
    story.record({ kind: 'stalled', process: 'client', lateMs: 200 });
    story.passes(1, 'downstream', WIRE_BYTES).clientReceives(1, 0);
    expect(messages(stampedEarly(story, 200)).outcomes).toEqual(['pass']);
  });

  test('may come before the proxy says that a kernel took the last of many bytes, but not before it had them', () => {
    const bulk = { params: { messageBytes: 100_000, messages: 1 } };
    const late = toldLate(answered(bulk, 100_004), 'wrote', 40).clientReceives(1, 0);
    expect(messages(late).outcomes).toEqual(['pass']);
    const unread = toldLate(answered(bulk, 100_004), 'read', 40).clientReceives(1, 0);
    expect(messages(unread).outcomes).toEqual(['fail']);
  });

  test('is taken on its word where the proxy tells nothing', () => {
    const story = answered({ proxy: 'toxiproxy' }, 0).clientReceives(1, 0);
    expect(messages(story).outcomes).toEqual(['pass']);
  });

  test('is taken on its word where packets may be lost behind the proxy, or the clocks differ by as much', () => {
    const cut: PlannedFault = { id: 'f1', kind: 'cut', role: 'client', when };
    expect(
      messages(
        answered({ faults: [cut] }, 0)
          .clientReceives(1, 0)
          .proxy({ kind: 'closed', conn: 1 }),
      ).outcomes,
    ).toEqual(['pass']);
    const story = history().connects();
    story.records.splice(1, 0, { kind: 'clock', atMs: 0, aheadMicros: 0, errorMs: 10 });
    story.clientSends(1, 0).serverReceives(1, 0);
    expect(messages(toldLate(story, 'wrote', 9)).outcomes).toEqual(['pass']);
    expect(messages(toldLate(story, 'wrote', 9)).outcomes).toEqual(['fail']);
  });

  test('is taken on its word where its port was used again', () => {
    const story = answered({}, 0).clientReceives(1, 0).proxy({ kind: 'closed', conn: 1 });
    expect(messages(story).outcomes).toEqual(['fail']);
    story.proxy({ kind: 'accepted', conn: 2, clientPort: 40_001 });
    expect(messages(story).outcomes).toEqual(['pass']);
  });

  test('is whole only with the end, where nothing else ends it', () => {
    const upload = () => {
      const story = history({ workload: 'upload' }).connects();
      return story.clientSends(1, 0).client({ event: 'shutdown', conn: 1 });
    };
    expect(messages(upload().serverReceives(1, 0).wait(1).ends(1, 'upstream')).outcomes).toEqual(['fail']);
    expect(messages(upload().ends(1, 'upstream').serverReceives(1, 0)).outcomes).toEqual(['pass']);
  });
});

describe('a heartbeat that a side tells of', () => {
  const idle = { workload: 'idle', params: { heartbeatMs: 20 } } as const;
  const beats = (direction: Direction) => history(idle).connects().passes(1, direction, 4);

  test('has been handed on to it', () => {
    expect(messages(beats('downstream').client({ event: 'heard', conn: 1 })).outcomes).toEqual(['not-checked']);
  });

  test('is counted once', () => {
    const story = beats('upstream').server({ event: 'heard', conn: 1 }).server({ event: 'heard', conn: 1 });
    story.proxy({ kind: 'closed', conn: 1 });
    expect(messages(story)).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining('byte 7') });
  });
});

describe('an end that a side tells of', () => {
  test('has been handed on to it', () => {
    expect(ends(cleanExchange()).outcomes).toEqual(['pass']);
  });

  test('is not there right after the own shutdown', () => {
    const story = history().connects().exchanges(1, 0).clientShutsDown();
    story.client({ event: 'eof', conn: 1 }).client({ event: 'closed', conn: 1 });
    story.server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 }).ends(1, 'downstream');
    expect(ends(story)).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining('eof') });
  });

  test('is not there before the client has ended', () => {
    const story = history().connects().exchanges(1, 0);
    story.server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 }).ends(1, 'downstream');
    story.clientShutsDown().client({ event: 'eof', conn: 1 }).client({ event: 'closed', conn: 1 });
    expect(ends(story).outcomes).toEqual(['fail']);
  });

  test('may come of a proxy that closes its sockets without a word', () => {
    const story = history().connects().exchanges(1, 0).proxy({ kind: 'closed', conn: 1 });
    story.client({ event: 'eof', conn: 1 });
    expect(ends(story).outcomes).toEqual(['not-checked']);
  });
});
