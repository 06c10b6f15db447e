import { describe, expect, test } from 'vitest';

import type { SubjectEvent } from '../../contract/event.ts';
import type { Role } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { Recorder } from '../sample/recorder.ts';
import { samplePlan } from '../sample/attempt.ts';
import { detectionsOf } from './detection.ts';
import { faultLossesOf } from './fault-losses.ts';
import { lossesOf } from './messages.ts';
import { touchesOf } from './touches.ts';

/** A story of a few connections, told message by message; a payload is named by one letter. */
class Story {
  readonly recorder = new Recorder(1);
  readonly receipts: Receipt[] = [];
  readonly #faults: Record<string, unknown>[] = [];
  readonly #workload: string;

  constructor(workload = 'pipeline') {
    this.#workload = workload;
  }

  connect(conn: number): this {
    const { recorder } = this;
    recorder.say('client', { event: 'connecting', conn, key: conn });
    recorder.tell({ kind: 'accepted', conn, clientPort: 50_000 + conn });
    recorder.tell({ kind: 'dialed', conn, localPort: 60_000 + conn });
    recorder.say('client', { event: 'connected', conn, localPort: 50_000 + conn });
    // The server counts its connections from elsewhere: only ports say which is which.
    return this.say('server', { event: 'accepted', conn: conn + 10, peerPort: 60_000 + conn });
  }

  send(role: Role, conn: number, name: string, seq = 0): this {
    return this.say(role, { event: 'sending', conn: own(role, conn), seq, bytes: 1, sha256: name.repeat(64) });
  }

  receive(role: Role, conn: number, name: string, seq = 0): this {
    return this.say(role, { event: 'received', conn: own(role, conn), seq, bytes: 1, sha256: name.repeat(64) });
  }

  fail(role: Role, conn: number, code: 'reset' | 'timeout'): this {
    return this.say(role, { event: 'failed', conn: own(role, conn), op: 'recv', code, message: '' });
  }

  /** A fault bites a connection, as the proxy sees it, or, without one, as only its injector says. */
  bite(fault: string, kind: string, direction: 'upstream' | 'downstream', conn: number | null): this {
    const { recorder } = this;
    recorder.step();
    if (conn !== null)
      recorder.tell({ kind: 'effect', toxic: fault, type: kind, effect: 'bit', conn, direction, offset: 0 });
    const { atMs } = recorder;
    if (this.receipts.some((receipt) => receipt.fault === fault)) return this;
    this.#faults.push({ id: fault, kind, direction, when: { on: 'before-connect' }, at: 0 });
    const delivered = { earliestMs: atMs, latestMs: atMs, count: 1, grade: 'self', proof: '' } as const;
    this.receipts.push({ fault, kind, asked: null, acknowledged: null, delivered, lifted: null, error: null });
    return this;
  }

  lift(fault: string): this {
    this.recorder.step();
    const { atMs } = this.recorder;
    const at = this.receipts.findIndex((receipt) => receipt.fault === fault);
    const [receipt] = this.receipts.slice(at);
    if (receipt === undefined) throw new Error(`no fault ${fault}`);
    this.receipts[at] = { ...receipt, lifted: { askedAtMs: atMs, acknowledgedAtMs: atMs } };
    return this;
  }

  say(role: Role, event: Parameters<Recorder['say']>[1] & { event: SubjectEvent['event'] }): this {
    this.recorder.step();
    this.recorder.say(role, event);
    return this;
  }

  get evidence(): Evidence {
    const plan = samplePlan({ scenario: 'a/b', claim: 'c' });
    const told = { ...plan, workload: this.#workload, faults: this.#faults } as unknown as Evidence['plan'];
    const { recorder, receipts } = this;
    return { plan: told, records: recorder.records, wire: recorder.wire, receipts, damage: [] };
  }

  /** `f1: lost 1+0, doubled 0+0, untold 0+0`, what the client sent first. */
  get told(): string[] {
    return [...faultLossesOf(this.evidence, touchesOf(this.evidence))].map(
      ([fault, { lost, doubled, untold }]) =>
        `${fault}: lost ${lost.client}+${lost.server}, doubled ${doubled.client}+${doubled.server}, untold ${untold.lost}+${untold.doubled}`,
    );
  }
}

const own = (role: Role, conn: number): number => (role === 'client' ? conn : conn + 10);

describe('a lost message', () => {
  test('counts for the fault that bit its connection, and for no other', () => {
    const story = new Story().connect(1).connect(2);
    story.bite('f1', 'reset', 'upstream', 1).bite('f2', 'swallow', 'downstream', 2);
    story.send('client', 1, 'a').send('client', 2, 'b').receive('server', 2, 'b').send('server', 2, 'c');
    expect(story.told).toEqual(['f1: lost 1+0, doubled 0+0, untold 0+0', 'f2: lost 0+1, doubled 0+0, untold 0+0']);
  });

  test('of a connection that two bit is told by its direction, else not at all', () => {
    const story = new Story().connect(1);
    story.bite('f1', 'swallow', 'upstream', 1).bite('f2', 'swallow', 'downstream', 1);
    story.send('client', 1, 'a').send('server', 1, 'b');
    expect(story.told).toEqual(['f1: lost 1+0, doubled 0+0, untold 0+0', 'f2: lost 0+1, doubled 0+0, untold 0+0']);
    story.bite('f3', 'reset', 'upstream', 1).send('client', 1, 'c');
    expect(story.told.map((line) => line.replace(/, doubled.*untold/, ', untold'))).toEqual([
      'f1: lost 0+0, untold 2+0',
      'f2: lost 0+1, untold 0+0',
      'f3: lost 0+0, untold 2+0',
    ]);
  });

  test('is not for a fault that only delays, nor for one that was lifted before it was sent', () => {
    const story = new Story().connect(1);
    story.bite('f1', 'latency', 'upstream', 1).bite('f2', 'hold', 'upstream', 1).lift('f2');
    story.bite('f3', 'reset', 'downstream', 1).send('client', 1, 'a');
    expect(story.told).toEqual([
      'f1: lost 0+0, doubled 0+0, untold 0+0',
      'f2: lost 0+0, doubled 0+0, untold 0+0',
      'f3: lost 1+0, doubled 0+0, untold 0+0',
    ]);
  });

  test('counts for a fault that no proxy sees where its connection was open', () => {
    const story = new Story().connect(1).send('client', 1, 'a');
    story.say('client', { event: 'closed', conn: 1 }).connect(2);
    story.bite('f1', 'cut', 'upstream', null).send('client', 2, 'b');
    expect(story.told).toEqual(['f1: lost 1+0, doubled 0+0, untold 0+0']);
  });

  test('is not told where its connection cannot be joined to the proxy’s', () => {
    const story = new Story().connect(1).bite('f1', 'reset', 'upstream', 1);
    story.say('client', { event: 'connected', conn: 7, localPort: 9 }).send('client', 7, 'a');
    expect(story.told).toEqual(['f1: lost 0+0, doubled 0+0, untold 1+0']);
  });
});

describe('a message received again', () => {
  test('counts for the fault for which it was sent again', () => {
    const story = new Story('reconnect').connect(1).send('client', 1, 'a').receive('server', 1, 'a');
    story.bite('f1', 'reset', 'downstream', 1).fail('client', 1, 'reset').connect(2);
    story.bite('f2', 'corrupt', 'upstream', 2).send('client', 2, 'a').receive('server', 2, 'a');
    expect(story.told).toEqual(['f1: lost 0+0, doubled 1+0, untold 0+0', 'f2: lost 0+0, doubled 0+0, untold 0+0']);
    expect(lossesOf(story.evidence, 'client')).toEqual({ sent: 1, whole: 1, wrong: 0, missing: 0, excess: 1 });
  });
});

test('equal messages are told apart by their connection and their order', () => {
  const story = new Story().connect(1).connect(2);
  for (const conn of [1, 2]) {
    for (const seq of [0, 1]) story.send('client', conn, 'a', seq);
    story.receive('server', conn, 'a');
  }
  story.receive('server', 2, 'a', 1).receive('server', 2, 'a', 2);
  expect(lossesOf(story.evidence, 'client')).toEqual({ sent: 4, whole: 3, wrong: 0, missing: 1, excess: 1 });
});

test('a message that arrived torn is no whole one, and not missing besides', () => {
  const story = new Story().connect(1).connect(2);
  for (const conn of [1, 2]) {
    for (const [seq, name] of ['a', 'b', 'c'].entries()) story.send('server', conn, name, seq);
    story.receive('client', conn, 'a');
  }
  // Nobody sent what it took for the second; on the other connection the second never came.
  story.receive('client', 1, 'd', 1);
  const losses = lossesOf(story.evidence, 'server');
  expect(losses).toEqual({ sent: 6, whole: 2, wrong: 1, missing: 3, excess: 0 });
  expect(losses.whole + losses.wrong + losses.missing).toBe(losses.sent);
});

test('what nobody sent is in excess where nothing is missing', () => {
  const story = new Story().connect(1).connect(2).send('client', 1, 'a').send('client', 2, 'b');
  story.receive('server', 1, 'a').receive('server', 1, 'd', 1);
  expect(lossesOf(story.evidence, 'client')).toEqual({ sent: 2, whole: 1, wrong: 0, missing: 1, excess: 1 });
});

test('a fault is noticed by a failure of a connection that it touched', () => {
  const story = new Story().connect(1).connect(2);
  story.bite('f1', 'reset', 'upstream', 1).bite('f2', 'reset', 'upstream', 2);
  story.fail('client', 2, 'timeout').fail('client', 1, 'reset');
  expect(detectionsOf(story.evidence).map(({ fault, noticed }) => [fault, noticed.client?.code])).toEqual([
    ['f1', 'reset'],
    ['f2', 'timeout'],
  ]);
});
