import { expect, test } from 'vitest';

import { Rig } from '../rig.ts';
import { type Framing, MessageFinder, type MessagePlace } from './framing.ts';

const prefix32 = (payload: string): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(payload.length);
  return Buffer.concat([header, Buffer.from(payload)]);
};

const firstByteOf = (framing: Framing, message: number): MessagePlace => ({
  framing,
  message,
  part: 'header',
  byte: 0,
  messageBytes: framing === 'fixed' ? 10 : 0,
});

const streams: readonly [Framing, Buffer, readonly number[]][] = [
  ['fixed', Buffer.alloc(30), [0, 10, 20, 30]],
  ['delimited', Buffer.from('one\ntwo\n\nfour\n'), [0, 4, 8, 9, 14]],
  ['prefix32', Buffer.concat(['one', '', 'three'].map(prefix32)), [0, 7]],
  ['ascii5', Buffer.from('00003one0000000005three'), [0, 8, 13, 23]],
  [
    'typed',
    Buffer.concat([Buffer.of(1), Buffer.alloc(16), Buffer.of(2), Buffer.alloc(256), Buffer.of(3)]),
    [0, 17, 274],
  ],
];

test.for(streams)('messages of framing %s are found, whole and byte by byte', ([framing, stream, begins]) => {
  for (const [message, offset] of begins.entries()) {
    for (const size of [1, 3, stream.length]) {
      const finder = new MessageFinder(firstByteOf(framing, message));
      for (let from = 0; from < stream.length; from += size) finder.follow(stream.subarray(from, from + size));
      // A heartbeat, the prefix32 of length 0, belongs to what stands before the next message.
      expect([message, finder.place]).toEqual([message, offset]);
    }
  }
  const beyond = new MessageFinder(firstByteOf(framing, begins.length));
  beyond.follow(stream.subarray(0, -1));
  expect(beyond.place).toBeUndefined();
});

test('bytes that are no message of the framing do not stop the search', () => {
  const finder = new MessageFinder(firstByteOf('ascii5', 1000));
  finder.follow(Buffer.alloc(100_000));
  finder.follow(Buffer.alloc(100_000, 0xff));
  expect(finder.followed).toBeGreaterThan(0);
});

test('a reset can be placed inside the header of a message, however the stream is cut', async () => {
  await using rig = new Rig();
  const at = { framing: 'prefix32', message: 2, part: 'header', byte: 3 };
  const { client, server } = await rig.pair([
    { name: 'small', type: 'fragment', stream: 'upstream', attributes: { every: 5, gap: 1 } },
    { name: 'f0', type: 'reset', stream: 'upstream', attributes: { at } },
  ]);
  const stream = Buffer.concat(['first', 'the second', 'third'].map(prefix32));
  client.socket.write(stream);
  expect(await server.end()).toBe('reset');
  expect(server.received.equals(stream.subarray(0, 9 + 14 + 3))).toBe(true);
});

test('a hold can be placed in the payload of a message', async () => {
  await using rig = new Rig();
  const at = { framing: 'delimited', message: 1, part: 'payload', byte: 2 };
  const { proxy, client, server } = await rig.pair([
    { name: 'f0', type: 'hold', stream: 'upstream', attributes: { at } },
  ]);
  client.socket.write('one\ntwo\n');
  await rig.until('effect', { effect: 'held', offset: 6, bytes: 2 });
  await server.has(6);
  expect(server.received.toString()).toBe('one\ntw');
  rig.remove(proxy, 'f0');
  await server.has(8);
});

test('a byte of a message can be corrupted', async () => {
  await using rig = new Rig();
  const at = { framing: 'ascii5', message: 1, part: 'payload', byte: 1 };
  const { client, server } = await rig.pair([
    { name: 'f0', type: 'corrupt', stream: 'upstream', attributes: { at, xor: 32 } },
  ]);
  client.socket.end('00003one00003two00003two');
  await server.end();
  expect(server.received.toString()).toBe('00003one00003tWo00003two');
});

test('a header can be cut into pieces, and no other', async () => {
  await using rig = new Rig();
  const at = { framing: 'prefix32', message: 1, part: 'header', byte: 0 };
  const { client, server } = await rig.pair([
    { name: 'f0', type: 'fragment', stream: 'upstream', attributes: { sizes: [1, 3], at, gap: 1 } },
  ]);
  const stream = Buffer.concat(['first', 'the second', 'third'].map(prefix32));
  client.socket.write(stream);
  await server.has(stream.length);
  expect(server.received.equals(stream)).toBe(true);
  expect(rig.told('wrote').map((event) => event['bytes'])).toEqual([9, 1, 3, 19]);
  expect(rig.told('effect', { effect: 'cut' }).map(({ offset }) => offset)).toEqual([0, 9, 10]);
});

test('messages can be joined from one of them on', async () => {
  await using rig = new Rig();
  const at = { framing: 'delimited', message: 1, part: 'payload', byte: 0 };
  const { client, server } = await rig.pair([
    { name: 'f0', type: 'coalesce', stream: 'upstream', attributes: { bytes: 8, wait: 60_000, at } },
  ]);
  for (const line of ['one\n', 'two\n', 'six\n']) {
    const before = rig.told('read').length;
    client.socket.write(line);
    while (rig.told('read').length === before) await new Promise((resolve) => setImmediate(resolve));
  }
  await server.has(12);
  expect(rig.told('wrote').map((event) => event['bytes'])).toEqual([4, 8]);
  expect(rig.told('effect')).toMatchObject([{ effect: 'joined', offset: 4, bytes: 8 }]);
});

test('a place can be moved to a message that lies ahead, also while its bytes wait', async () => {
  await using rig = new Rig();
  const place = (message: number): object => ({ at: { framing: 'prefix32', message, part: 'payload', byte: 1 } });
  const { proxy, client, server } = await rig.pair([
    { name: 'f0', type: 'hold', stream: 'upstream', attributes: place(2) },
  ]);
  const stream = Buffer.concat(['zero', 'one', 'two', 'three', 'four', 'five'].map(prefix32));
  const begins = [0, 8, 15, 22, 31, 39];
  client.socket.write(stream);
  await server.has(15 + 5);
  for (const message of [3, 4]) {
    rig.update(proxy, 'f0', { hold: place(message) });
    await rig.until('wrote', { offset: (begins[message - 1] ?? 0) + 5 });
    await server.has((begins[message] ?? 0) + 5);
    expect(server.receivedBytes).toBe((begins[message] ?? 0) + 5);
  }
  expect(rig.told('effect', { effect: 'missed' })).toEqual([]);
});

test.for([
  ['fragment', { every: 2, gap: 1 }, [4, 2, 2, 2, 2, 2, 2]],
  ['coalesce', { bytes: 3 }, [4, 3, 3, 3, 3]],
] as const)('an update that says the same place as before changes nothing: %s', async ([type, more, pieces]) => {
  await using rig = new Rig();
  const place = () => ({ ...more, at: { framing: 'fixed', messageBytes: 4, message: 1, part: 'payload', byte: 0 } });
  const { proxy, client, server } = await rig.pair([{ name: 'f0', type, stream: 'upstream', attributes: place() }]);
  client.socket.write('0123456789');
  await server.has(10);
  rig.update(proxy, 'f0', { [type]: place() });
  client.socket.write('abcdef');
  await server.has(16);
  expect(rig.told('wrote').map((event) => event['bytes'])).toEqual(pieces);
  expect(rig.told('effect', { effect: 'missed' })).toEqual([]);
});

test('a place that was taken back and is named again is not known where bytes have passed meanwhile', async () => {
  await using rig = new Rig();
  const at = { framing: 'delimited', message: 2 };
  const { proxy, client, server } = await rig.pair([
    { name: 'f0', type: 'reset', stream: 'upstream', attributes: { at } },
  ]);
  client.socket.write('zero\n');
  await server.has(5);
  rig.update(proxy, 'f0', { reset: { bytes: 1000 } });
  client.socket.write('one\n');
  await server.has(9);
  rig.update(proxy, 'f0', { reset: { at } });
  expect(rig.told('effect')).toMatchObject([{ effect: 'missed', offset: 9 }]);
});

test('a reset that is moved to a later message resets there', async () => {
  await using rig = new Rig();
  const place = (message: number): object => ({ at: { framing: 'delimited', message } });
  const { proxy, client, server } = await rig.pair([
    { name: 'f0', type: 'reset', stream: 'upstream', attributes: place(2) },
  ]);
  client.socket.write('zero\none');
  await server.has(8);
  rig.update(proxy, 'f0', { reset: place(3) });
  client.socket.write('\ntwo\nthree\n');
  expect(await server.end()).toBe('reset');
  expect(server.received.toString()).toBe('zero\none\ntwo\n');
});

test('a place that is not known on a connection is told of, and acts there no more', async () => {
  await using rig = new Rig();
  const place = (message: number): object => ({ at: { framing: 'delimited', message } });
  const { proxy, client, server } = await rig.pair();
  client.socket.write('zero\n');
  await server.has(5);
  rig.add(proxy, { name: 'late', type: 'reset', stream: 'upstream', attributes: place(3) });
  expect(rig.told('effect')).toMatchObject([
    { toxic: 'late', conn: 1, direction: 'upstream', effect: 'missed', offset: 5 },
  ]);
  const next = await rig.client(proxy);
  next.socket.write('zero\none');
  await rig.until('wrote', { conn: 2, offset: 0 });
  rig.update(proxy, 'late', { reset: place(0) });
  const missed = rig.told('effect', { effect: 'missed', conn: 2 });
  expect(missed).toMatchObject([{ detail: 'not placed on this connection: where message 0 begins is not known' }]);
  const [connection] = proxy.connections.values();
  expect(connection?.describe()).toMatchObject({ acted: [] });
});
