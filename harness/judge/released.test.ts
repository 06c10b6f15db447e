import { describe, expect, test } from 'vitest';

import type { RecordOf } from '../evidence/record.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { released } from './released.ts';

const look = (story: History) => outcome(found(released, story.asItIs()).slice(0, 1));

const outcomes = (story: History) => outcome(found(released, story.asItIs())).outcomes;

const MIB = 1024 * 1024;

function reads(story: History, role: 'client' | 'server', more: Partial<RecordOf<'reading'>> = {}): History {
  return story.record({
    kind: 'reading',
    role,
    moment: 'settled',
    tookMs: 1,
    sockets: {},
    fds: 20,
    residentBytes: 60 * MIB,
    cpuMs: 80,
    ...more,
  });
}
const begins = (story: History, role: 'client' | 'server') =>
  reads(story, role, { moment: 'begun', residentBytes: 50 * MIB, cpuMs: 50 });

describe('released', () => {
  test('a client that holds nothing and a server that listens are right', () => {
    const story = reads(reads(cleanExchange(), 'client'), 'server', { sockets: { LISTEN: 1 } });
    expect(look(story)).toMatchObject({
      outcomes: ['pass'],
      actual: expect.stringContaining('the client held no socket'),
    });
  });

  test.each(['ESTABLISHED', 'CLOSE_WAIT', 'FIN_WAIT2'])('a socket left %s after closed is caught', (state) => {
    const story = reads(cleanExchange(), 'server', { sockets: { LISTEN: 1, [state]: 1 } });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining(`1 ${state}`) });
  });

  test.each<[string, Record<string, number>, string]>([
    ['a listener alone', { LISTEN: 1 }, 'pass'],
    ['one socket that nobody looked up', { socket: 1 }, 'pass'],
    ['one connection and no listener', { CLOSE_WAIT: 1 }, 'fail'],
  ])('of a server with %s: %s', (_title, sockets, expected) => {
    expect(look(reads(cleanExchange(), 'server', { sockets })).outcomes).toEqual([expected]);
  });

  test('a socket that a server has had since before its first connection is its own, one in another state is not', () => {
    const held = (before: Record<string, number>, sockets: Record<string, number>) =>
      look(reads(reads(cleanExchange(), 'server', { moment: 'begun', sockets: before }), 'server', { sockets }))
        .outcomes;
    const own = { LISTEN: 1, socket: 1 };
    expect(held(own, own)).toEqual(['pass']);
    expect(held(own, { LISTEN: 1, socket: 2 })).toEqual(['fail']);
    expect(held(own, { LISTEN: 1, CLOSE_WAIT: 1 })).toEqual(['fail']);
    expect(held({ LISTEN: 1, ESTABLISHED: 1 }, { LISTEN: 1, ESTABLISHED: 2 })).toEqual(['fail']);
    // Its listener alone, which was not looked up.
    expect(held({ socket: 1 }, { LISTEN: 1, socket: 1 })).toEqual(['fail']);
  });

  test('of a client that begins with a connection nothing is its own', () => {
    const begun = reads(cleanExchange(), 'client', { moment: 'begun', sockets: { ESTABLISHED: 1 } });
    expect(look(reads(begun, 'client', { sockets: { ESTABLISHED: 1 } })).outcomes).toEqual(['fail']);
  });

  test('a process that nobody could read is said not to have been looked at', () => {
    const findings = found(released, reads(cleanExchange(), 'client').asItIs());
    expect(findings.map(({ outcome: each, expected }) => `${each}: ${expected}`)).toEqual([
      'pass: nothing is held once the exchange is over',
      'not-checked: the server holds nothing',
      'not-checked: the client gathers no descriptors and no memory, and rests while it waits',
    ]);
  });

  test('one reading proves nothing of what gathers, nor two of a busy loop where nobody tells what there was to do', () => {
    const late = { fds: 900, residentBytes: 900 * MIB, cpuMs: 9000, sockets: {} };
    expect(outcomes(reads(cleanExchange(), 'client', late))).toEqual(['pass', 'not-checked', 'not-checked']);
    const spun = { cpuMs: 9000 };
    const untold = history({ proxy: 'toxiproxy' });
    const story = reads(begins(untold, 'client').wait(5000), 'client', spun);
    expect(outcomes(story)).toEqual(['pass', 'not-checked', 'not-checked']);
    const told = reads(begins(history(), 'client').wait(5000), 'client', spun);
    expect(outcomes(told)).toEqual(['fail']);
  });

  test('a connection that is not closed yet may hold its socket', () => {
    expect(look(reads(history().connects(), 'client', { sockets: { ESTABLISHED: 1 } })).outcomes).toEqual(['pass']);
    expect(look(reads(history().connects(), 'client', { sockets: { ESTABLISHED: 2 } })).outcomes).toEqual(['fail']);
  });

  test('one that was closed while the reading was taken may have been there', () => {
    const story = reads(cleanExchange(), 'client', { sockets: { ESTABLISHED: 1 }, tookMs: 50 });
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('descriptors that pile up are caught', () => {
    const story = (fds: number) => reads(begins(cleanExchange(), 'server'), 'server', { fds });
    expect(look(story(25)).outcomes).toEqual(['pass']);
    expect(look(story(60)).actual).toMatch(/held 40 more/);
  });

  test('memory that grows is caught, what its messages need aside', () => {
    const story = (grown: number, messageBytes = 100) =>
      reads(begins(history({ params: { messageBytes } }), 'client'), 'client', {
        residentBytes: (50 + grown) * MIB,
      });
    expect(look(story(90)).outcomes).toEqual(['pass']);
    expect(look(story(200)).actual).toMatch(/grown by 200 MiB/);
    expect(look(story(200, 20 * MIB)).outcomes).toEqual(['pass']);
  });

  test('a process that spins while it waits is caught', () => {
    const story = (cpuMs: number, waitMs: number) =>
      reads(begins(history(), 'server').connects().wait(waitMs), 'server', { cpuMs, sockets: { ESTABLISHED: 1 } });
    expect(look(story(1900, 2000)).actual).toMatch(/on a core for 1850 ms of 200\d ms/);
    expect(look(story(300, 2000)).outcomes).toEqual(['pass']);
    expect(look(story(440, 420)).actual).toMatch(/on a core for 390 ms/);
    expect(look(story(350, 300)).outcomes).toEqual(['pass']);
  });

  test('also where others leave it half a core, and one that was kept waiting is not taken for it', () => {
    const story = (cpuMs: number, waitedMs: number) =>
      reads(begins(history(), 'server').connects().wait(2000), 'server', {
        cpuMs,
        waitedMs,
        sockets: { ESTABLISHED: 1 },
      });
    expect(look(story(950, 1000)).actual).toMatch(/on a core for 900 ms of 200\d ms, 1000 ms of which it had to wait/);
    expect(look(story(950, 0)).outcomes).toEqual(['pass']);
    expect(look(story(250, 1900)).outcomes).toEqual(['pass']);
  });

  test('where nobody looked it is shown as not checked', () => {
    expect(look(cleanExchange()).outcomes).toEqual(['not-checked']);
  });

  test('a process that a fault took away leaves nothing to judge', () => {
    const kill: PlannedFault = { id: 'f1', kind: 'kill', role: 'server', when: { on: 'before-connect' } };
    const story = history({ faults: [kill] })
      .connects()
      .delivers('f1');
    expect(look(reads(story, 'server', { sockets: { ESTABLISHED: 9 } })).outcomes).toEqual(['not-checked']);
  });
});
