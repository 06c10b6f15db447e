import { once } from 'node:events';
import { expect, test } from 'vitest';
import { BufferedWriter } from './buffered-writer.ts';
import { Deadline } from './deadline.ts';
import { pair } from './pair.ts';

test('without a flush the request stays here and the reply never comes', async () => {
  const { socket, peer } = await pair('connected');
  peer.on('data', () => peer.write('reply')).resume();
  const writer = new BufferedWriter(socket);
  await writer.write(Buffer.from('request'));
  await expect(socket.recv(5, { deadline: Deadline.after(200) })).rejects.toMatchObject({ code: 'timeout' });
  await writer.flush();
  expect(Buffer.from(await socket.recvExactly(5)).toString()).toBe('reply');
});

test('sends when the buffer is full, and everything in order', async () => {
  const { socket, peer } = await pair('connected');
  const arrived: Buffer[] = [];
  peer.on('data', (chunk: Buffer) => arrived.push(chunk)).resume();
  const writer = new BufferedWriter(socket, 10);
  const written = Buffer.from('the quick brown fox jumps over the lazy dog');
  for (const byte of written) await writer.write(Uint8Array.of(byte));
  expect(writer.pendingBytes).toBe(written.length % 10);
  await writer.write(written);
  await writer.flush();
  await socket.shutdown();
  await once(peer, 'end');
  expect(Buffer.concat(arrived).toString()).toBe(written.toString().repeat(2));
});
