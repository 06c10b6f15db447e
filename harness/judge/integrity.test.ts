import { describe, expect, test } from 'vitest';

import { echoOf, payload, sha256 } from '../contract/payload.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { integrity } from './integrity.ts';

const look = (story: History) => outcome(found(integrity, story.asItIs()));

/** A client that has sent three messages, and a server that says it received something else. */
function serverHears(bytes: Uint8Array): ReturnType<typeof look> {
  const story = history().connects().clientSends(1, 0).clientSends(1, 1).clientSends(1, 2);
  return look(story.server({ event: 'received', conn: 1, seq: 0, bytes: bytes.length, sha256: sha256(bytes) }));
}

const shape = { content: 'bytes', framing: 'prefix32', messageBytes: 100 } as const;
const sent = (seq: number, key = '0/1') => payload(shape, key, seq);
const header = Buffer.from([0, 0, 0, 100]);
const reply = (got: Uint8Array) => Buffer.from(sha256(got), 'ascii');

describe('integrity', () => {
  test('messages that arrive as they were sent pass, and are counted', () => {
    expect(look(cleanExchange())).toMatchObject({
      outcomes: ['pass'],
      actual: expect.stringContaining('all 6 messages'),
    });
  });

  test('where nothing was received nothing was checked', () => {
    expect(look(history().connects()).outcomes).toEqual(['not-checked']);
  });

  test.each([
    [
      'the beginning of a message',
      sent(0).subarray(0, 40),
      /torn: the first 40 bytes of message 0, the other 60 are missing/,
    ],
    [
      'a header taken for payload',
      Buffer.concat([header, sent(0)]),
      /torn: the stream from byte 0 of message 0 up to byte 0 of message 1/,
    ],
    [
      'the end of one message and the beginning of the next',
      Buffer.concat([sent(0).subarray(90), header, sent(1).subarray(0, 5)]),
      /torn: the stream from byte 94 of message 0 up to byte 9 of message 1/,
    ],
    ['as many bytes, but wrong ones', Buffer.alloc(100, 1), /corrupted/],
    ['the next message in its place', sent(1), /lost: message 0 is missing, message 1 of connection 1 came instead/],
    ['a message of another connection', sent(0, '0/2'), /foreign: message 0 of connection 2/],
    ['an echo where the message was due', echoOf(sent(0)), /echoed already/],
    ['bytes of nobody', Buffer.alloc(7, 3), /bytes of no message/],
  ])('%s is named', (_title, bytes, name) => {
    const story = history({ params: { connections: 2 } })
      .connects()
      .clientSends(1, 0)
      .clientSends(1, 1);
    story.server({ event: 'received', conn: 1, seq: 0, bytes: bytes.length, sha256: sha256(bytes) });
    const { outcomes, actual } = look(story);
    expect(outcomes).toEqual(['fail']);
    expect(actual).toMatch(name);
  });

  test('a message that comes twice is doubled', () => {
    const story = history().connects().clientSends(1, 0).clientSends(1, 1).serverReceives(1, 0);
    story.server({ event: 'received', conn: 1, ...onWire(story.message(1, 0)), seq: 1 });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('doubled') });
  });

  test('two messages in the wrong order are reordered', () => {
    const story = history().connects().clientSends(1, 0).clientSends(1, 1);
    story.server({ event: 'received', conn: 1, ...onWire(story.message(1, 1)), seq: 0 });
    story.server({ event: 'received', conn: 1, ...onWire(story.message(1, 0)), seq: 1 });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('reordered') });
  });

  test('an answer from before the connection was lost is stale on the next', () => {
    const story = history({ workload: 'reconnect' }).connects(1, 1).exchanges(1, 0, 1);
    story.fails('client', 'recv', 'reset', 1).connects(2, 1).clientSends(2, 1, 1);
    story.serverReceives(2, 1, 1).serverEchoes(2, 1, 1).clientReceives(2, 0, 1);
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('the 100 bytes of message 1'),
      actual: expect.stringContaining('stale: message 0 of connection 1, echoed, which was due before'),
    });
  });

  test('a client that hears its own bytes does not take them for an echo', () => {
    const story = history().connects().clientSends(1, 0).serverReceives(1, 0).serverEchoes(1, 0);
    story.client({ event: 'received', conn: 1, ...onWire(story.message(1, 0)) });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('not echoed') });
  });

  test('a digest that is right with a length that is wrong is not right', () => {
    const story = history().connects().clientSends(1, 0);
    story.server({ event: 'received', conn: 1, ...onWire(story.message(1, 0)), bytes: 99 });
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('a message too many is one too many', () => {
    const story = history({ params: { messages: 1 } })
      .connects()
      .exchanges(1, 0);
    story.client({ event: 'received', conn: 1, seq: 1, bytes: 4, sha256: sha256(Buffer.from('more')) });
    expect(look(story).actual).toMatch(/one too many/);
  });

  test('what the other side never began to send was not received from it', () => {
    const story = history().connects().passes(1, 'upstream', 104).serverReceives(1, 0);
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('at most the 0 messages'),
    });
  });

  test('a client that comes back goes on where it was, and sends nothing beyond the last message', () => {
    const lost = () => {
      const story = history({ workload: 'reconnect', params: { messages: 2 } })
        .connects(1, 1)
        .exchanges(1, 0, 1);
      return story.clientSends(1, 1, 1).serverReceives(1, 1, 1).fails('client', 'recv', 'reset', 1).connects(2, 1);
    };
    expect(look(lost().exchanges(2, 1, 1)).outcomes).toEqual(['pass']);
    const pads = look(lost().clientSends(2, 2, 1));
    expect(pads).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('client connection 2 sends the 100 bytes of message 1'),
    });
  });

  test('a side that sends other bytes than the contract defines is told so by its own digest', () => {
    const story = history().connects();
    story.client({ event: 'sending', conn: 1, seq: 0, bytes: 100, sha256: sha256(Buffer.alloc(100)) });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('it sent 100 bytes') });
  });

  test('a server whose connection is not known is not judged by a key that it may not have, nor taken for right', () => {
    const story = history({ proxy: 'toxiproxy', params: { connections: 2 } })
      .connects(1)
      .connects(2);
    story.server({ event: 'received', conn: 2, seq: 0, bytes: 3, sha256: sha256(Buffer.from('abc')) });
    expect(look(story)).toMatchObject({
      outcomes: ['unknown'],
      actual: 'which it is nobody told, and it received 1 message',
    });
  });

  test.each([
    [
      'another connection',
      sent(1, '0/2').subarray(5, 65),
      'foreign: the stream of connection 2 from byte 9 of message 1',
    ],
    ['the other direction', echoOf(sent(0)).subarray(5, 65), 'foreign: the stream of connection 1, echoed from byte 9'],
  ])('a fragment of %s is traced to it', (_title, bytes, words) => {
    const story = history({ params: { connections: 2 } })
      .connects(1)
      .connects(2)
      .clientSends(1, 0);
    story.server({ event: 'received', conn: 1, seq: 0, bytes: bytes.length, sha256: sha256(bytes) });
    expect(look(story).actual).toContain(words);
  });

  test('what one that was killed had no time to tell is not held against the other', () => {
    const kill: PlannedFault = { id: 'f1', kind: 'kill', role: 'server', when: { on: 'before-connect' } };
    const story = history({ faults: [kill] })
      .connects()
      .clientSends(1, 0)
      .serverReceives(1, 0);
    story.passes(1, 'downstream', story.message(1, 0, 'echo').wire).clientReceives(1, 0);
    expect(look(story).outcomes).toEqual(['fail']);
    expect(look(story.delivers('f1')).outcomes).toEqual(['pass']);
  });

  test('in reconnect a message keeps its number on the next connection', () => {
    const story = history({ workload: 'reconnect' })
      .connects(1, 1)
      .exchanges(1, 0, 1)
      .connects(2, 1)
      .exchanges(2, 1, 1);
    const records = story.records.map((record) =>
      record.kind === 'event' && record.event.event === 'received'
        ? { ...record, event: { ...record.event, seq: 0 } }
        : record,
    );
    expect(outcome(found(integrity, { ...story.asItIs(), records })).outcomes).toEqual(['pass']);
  });

  test('content that is all zeros is still judged by its length', () => {
    const story = history({ params: { content: 'zeros' } })
      .connects()
      .clientSends(1, 0);
    story.server({ event: 'received', conn: 1, seq: 0, bytes: 60, sha256: sha256(Buffer.alloc(60)) });
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('torn: the first 60 bytes'),
    });
  });

  test('idle and connect have no messages at all', () => {
    const story = history({ workload: 'idle' }).connects();
    story.client({ event: 'received', conn: 1, seq: 0, bytes: 3, sha256: sha256(Buffer.from('abc')) });
    expect(look(story).outcomes).toContain('fail');
  });

  test('only what a side said is torn is torn', () => {
    expect(serverHears(sent(0)).outcomes).toEqual(['pass']);
  });

  describe('a message that is there whole', () => {
    const cutInPieces = () =>
      history({ params: { ioTimeoutMs: 1000 } })
        .connects()
        .passes(1, 'upstream', 1)
        .passes(1, 'upstream', 103);

    test('and never received is caught, with the time since when it was', () => {
      const { outcomes, expected } = look(cutInPieces().wait(900).fails('server', 'recv', 'timeout'));
      expect(outcomes).toEqual(['fail']);
      expect(expected).toMatch(/server connection 1 receives message 0, all of which had reached it at \d+ ms/);
    });

    test('but not for long yet proves nothing against its receiver', () => {
      expect(look(cutInPieces().wait(100).fails('server', 'recv', 'reset')).outcomes).toEqual(['not-checked']);
    });

    test('but a byte is not', () => {
      const story = history().connects().passes(1, 'upstream', 103).wait(900).fails('server', 'recv', 'timeout');
      expect(look(story).outcomes).toEqual(['not-checked']);
    });

    test('is not read by a server that still answers the one before', () => {
      const story = history({ workload: 'pipeline' })
        .connects()
        .clientSends(1, 0)
        .clientSends(1, 1)
        .serverReceives(1, 0);
      expect(look(story.wait(900).fails('server', 'send', 'timeout')).outcomes).toEqual(['pass']);
    });
  });

  describe('upload', () => {
    const upload = { workload: 'upload', params: { messages: 1, messageBytes: 200 } } as const;
    const whole = payload({ ...shape, framing: 'until-end', messageBytes: 200 }, '0/1', 0);

    test('the whole and its digest pass', () => {
      const story = history(upload).connects().clientSends(1, 0);
      receives(story, 'server', whole);
      story.server({ event: 'sending', conn: 1, seq: 0, bytes: 64, sha256: sha256(reply(whole)) });
      receives(story, 'client', reply(whole));
      expect(look(story).outcomes).toEqual(['pass']);
    });

    test('the reply need not be told as a message, and is one', () => {
      const story = history(upload).connects().clientSends(1, 0);
      receives(story, 'server', whole);
      receives(story, 'client', reply(whole));
      expect(look(story).outcomes).toEqual(['pass']);
      receives(story, 'client', reply(whole));
      expect(look(story)).toMatchObject({
        outcomes: ['fail'],
        expected: expect.stringContaining('at most the 1 message'),
      });
    });

    test('is one message also where messages is 0', () => {
      const story = history({ ...upload, params: { ...upload.params, messages: 0 } })
        .connects()
        .clientSends(1, 0);
      receives(story, 'server', whole);
      expect(look(story).outcomes).toEqual(['pass']);
    });

    test('a server that gets a part and says so is right, and so is a client that reports the mismatch', () => {
      const story = history(upload).connects().clientSends(1, 0);
      receives(story, 'server', whole.subarray(0, 50));
      story.server({ event: 'sending', conn: 1, seq: 0, bytes: 64, sha256: sha256(reply(whole.subarray(0, 50))) });
      receives(story, 'client', reply(whole.subarray(0, 50))).fails('client', 'recv', 'mismatch');
      expect(look(story).outcomes).toEqual(['pass']);
    });

    test('a client that takes the digest of a part for its own is caught', () => {
      const story = history(upload).connects().clientSends(1, 0);
      receives(story, 'server', whole.subarray(0, 50));
      story.server({ event: 'sending', conn: 1, seq: 0, bytes: 64, sha256: sha256(reply(whole.subarray(0, 50))) });
      receives(story, 'client', reply(whole.subarray(0, 50))).client({ event: 'closed', conn: 1 });
      expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('reported nothing') });
    });

    test('a server that gets what was never sent is caught', () => {
      const story = history(upload).connects().clientSends(1, 0);
      receives(story, 'server', whole.subarray(1, 51));
      expect(look(story).outcomes).toEqual(['fail']);
    });
  });
});

function receives(story: History, role: 'client' | 'server', bytes: Uint8Array): History {
  return story.tells(role, { event: 'received', conn: 1, seq: 0, bytes: bytes.length, sha256: sha256(bytes) });
}

/** What a `received` says of a message: without its size on the wire. */
function onWire({ seq, bytes, sha256: digest }: ReturnType<History['message']>) {
  return { seq, bytes, sha256: digest };
}
