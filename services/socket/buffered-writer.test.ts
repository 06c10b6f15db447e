import { once } from 'node:events';
import { expect, test } from 'vitest';
import { BufferedWriter } from './buffered-writer.ts';
import { Deadline } from './deadline.ts';
import { pair } from './pair.ts';
import type { Socket } from './socket.ts';

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

/** Sends until nothing more is taken, and gives the count. */
async function fill(socket: Socket): Promise<number> {
  socket.setBlocking(false);
  let filled = 0;
  for (let taken = 1; taken > 0; filled += taken) taken = await socket.send(new Uint8Array(65_536)).catch(() => 0);
  socket.setBlocking(true);
  return filled;
}

const failureOf = async (call: Promise<void>): Promise<unknown> => await call.catch((error: unknown) => error);

test('a flush that did not come to it loses nothing, and doubles nothing', async () => {
  const { socket, peer } = await pair('connected');
  peer.pause();
  const filled = await fill(socket);
  const writer = new BufferedWriter(socket);
  await writer.write(Buffer.from('request'));
  expect(await failureOf(writer.flush({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' });
  expect(await failureOf(writer.flush({ deadline: Deadline.after(50) }))).toMatchObject({ code: 'timeout' });
  expect(writer.pendingBytes).toBe(7);
  const arrived: Buffer[] = [];
  peer.on('data', (chunk: Buffer) => arrived.push(chunk)).resume();
  await writer.flush();
  expect(writer.pendingBytes).toBe(0);
  await Promise.all([once(peer, 'end'), socket.shutdown()]);
  expect(Buffer.concat(arrived).subarray(filled).toString()).toBe('request');
});

test('what is written while a flush waits comes behind it, and is not in its way', async () => {
  const { socket, peer } = await pair('connected');
  peer.pause();
  const filled = await fill(socket);
  const writer = new BufferedWriter(socket, 1600);
  await writer.write(new Uint8Array(999).fill(1));
  const flushing = writer.flush();
  await writer.write(new Uint8Array(500).fill(2));
  // What does not fit would have to wait as well, and the second of two that wait would come between.
  expect(await failureOf(writer.write(new Uint8Array(101)))).toMatchObject({ code: 'busy', bytesTaken: 0 });
  expect(await failureOf(writer.flush())).toMatchObject({ code: 'busy' });
  const arrived: Buffer[] = [];
  peer.on('data', (chunk: Buffer) => arrived.push(chunk)).resume();
  await flushing;
  await Promise.all([once(peer, 'end'), socket.shutdown()]);
  const said = Buffer.concat(arrived).subarray(filled);
  expect(said).toEqual(Buffer.concat([new Uint8Array(999).fill(1), new Uint8Array(500).fill(2)]));
});

test('a write that failed says how much of it is on its way, and nothing comes between its parts', async () => {
  const { socket, peer } = await pair('connected');
  peer.pause();
  const filled = await fill(socket);
  const writer = new BufferedWriter(socket, 10);
  await writer.write(Buffer.from('abc'));
  const waits = failureOf(writer.write(Buffer.from('0123456789'), { deadline: Deadline.after(50) }));
  expect(await failureOf(writer.write(Buffer.from('x')))).toMatchObject({ code: 'busy' });
  expect(await waits).toMatchObject({ code: 'timeout', bytesTaken: 7 });
  const arrived: Buffer[] = [];
  peer.on('data', (chunk: Buffer) => arrived.push(chunk)).resume();
  await writer.write(Buffer.from('789'));
  await writer.flush();
  await Promise.all([once(peer, 'end'), socket.shutdown()]);
  expect(Buffer.concat(arrived).subarray(filled).toString()).toBe('abc0123456789');
});
