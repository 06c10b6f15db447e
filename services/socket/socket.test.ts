import type * as net from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.ts';
import { Deadline } from './deadline.ts';
import { expectEndsAfter } from './in-time.ts';
import { listen } from './listen.ts';
import { KINDS, pair } from './pair.ts';
import { SocketError } from './socket-error.ts';
import type { Socket } from './socket.ts';

async function receiveAll(socket: Socket, atMost: number): Promise<{ bytes: Buffer; error: unknown }> {
  const parts: Uint8Array[] = [];
  try {
    for (;;) {
      const part = await socket.recv(atMost);
      if (part.length === 0) return { bytes: Buffer.concat(parts), error: undefined };
      parts.push(part);
    }
  } catch (error) {
    return { bytes: Buffer.concat(parts), error };
  }
}

const pattern = (bytes: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + (i >> 8)) % 251));

/** Waits until the peer's kernel has handed over everything: `resetAndDestroy` would cut the rest. */
async function delivered(peer: net.Socket, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => peer.write(bytes, () => resolve()));
}

/** Bytes of a bare stream that the kernel has not taken. */
function queuedBytes(peer: net.Socket): number {
  return Number(Reflect.get(Object(Reflect.get(peer, '_handle')), 'writeQueueSize'));
}

describe.each(KINDS)('a %s socket', (kind) => {
  test.each([1, 1000, 65_536, 1_000_000])(
    'delivers 100,000 bytes and then the reset that followed them, %i at a time',
    async (atMost) => {
      const { socket, peer } = await pair(kind);
      const bytes = pattern(100_000);
      await delivered(peer, bytes);
      peer.resetAndDestroy();
      await once(peer, 'close');
      const result = await receiveAll(socket, atMost);
      expect(result.bytes.equals(bytes)).toBe(true);
      expect(result.error).toMatchObject({ op: 'recv', code: 'reset' });
      await expect(socket.recv(1)).rejects.toMatchObject({ code: 'reset' });
      await expect(socket.send(bytes)).rejects.toMatchObject({ op: 'send', code: 'reset' });
    },
  );

  test('delivers what arrived before a reset that a send was told of', async () => {
    const { socket, peer } = await pair(kind);
    await delivered(peer, pattern(100_000));
    peer.resetAndDestroy();
    await once(peer, 'close');
    const told = async () => {
      for (;;) await socket.sendAll(pattern(1000));
    };
    await expect(told()).rejects.toMatchObject({ op: 'send', code: 'reset' });
    const result = await receiveAll(socket, 4096);
    expect(result.bytes.equals(pattern(100_000))).toBe(true);
    expect(result.error).toMatchObject({ op: 'recv', code: 'reset' });
  });

  test('keeps the end of the stream, and can still send after it', async () => {
    const { socket, peer } = await pair(kind);
    peer.end('last words');
    expect(Buffer.from(await socket.recv(100)).toString()).toBe('last words');
    expect(await socket.recv(100)).toHaveLength(0);
    expect(await socket.recv(100)).toHaveLength(0);
    await socket.sendAll(Buffer.from('a reply'));
    await socket.shutdown();
    peer.setEncoding('utf8').resume();
    const [reply] = await once(peer, 'data');
    expect(reply).toBe('a reply');
  });

  test('hands over at most what was asked for and keeps the rest', async () => {
    const { socket, peer } = await pair(kind);
    peer.write('abcdefgh');
    expect(Buffer.from(await socket.recv(3)).toString()).toBe('abc');
    expect(Buffer.from(await socket.peek(2)).toString()).toBe('de');
    expect(Buffer.from(await socket.recvExactly(5)).toString()).toBe('defgh');
  });

  test('a deadline ends a receive, not before its time, and loses nothing', async () => {
    const { socket, peer } = await pair(kind);
    await expectEndsAfter(60, async () => {
      const waits = socket.recv(10, { deadline: Deadline.after(60) });
      await expect(waits).rejects.toMatchObject({ op: 'recv', code: 'timeout' });
    });
    peer.write('late');
    expect(Buffer.from(await socket.recv(10)).toString()).toBe('late');
  });

  test('one deadline bounds a whole message, however many pieces it takes', async () => {
    const { socket, peer } = await pair(kind);
    const drip = setInterval(() => peer.write('.'), 20);
    onTestFinished(() => clearInterval(drip));
    await expectEndsAfter(200, async () => {
      const failed = socket.recvExactly(1_000_000, { deadline: Deadline.after(200) });
      await expect(failed).rejects.toMatchObject({ code: 'timeout', bytesReceived: expect.any(Number) });
    });
    expect((await socket.recv(10)).length).toBeGreaterThan(1);
  });

  test('a signal ends a receive with its reason as the cause', async () => {
    const { socket } = await pair(kind);
    const stop = new AbortController();
    const waiting = socket.recv(10, { signal: stop.signal });
    stop.abort('enough');
    await expect(waiting).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
  });

  test('an unread peer stops the sender, whose memory stays bounded', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    const bytes = new Uint8Array(64 * 2 ** 20);
    const failure = await socket.sendAll(bytes, { deadline: Deadline.after(300) }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ op: 'send', code: 'timeout' });
    const bytesTaken = failure instanceof SocketError ? failure.bytesTaken : undefined;
    expect(bytesTaken).toBeGreaterThan(65_536);
    expect(bytesTaken).toBeLessThan(bytes.length);
  });

  test('send says how many bytes it took, and those arrive in order', async () => {
    const { socket, peer } = await pair(kind);
    const bytes = pattern(3_000_000);
    const arrived: Buffer[] = [];
    peer.on('data', (chunk: Buffer) => arrived.push(chunk)).resume();
    for (let taken = 0; taken < bytes.length;) taken += await socket.send(bytes.subarray(taken));
    await socket.shutdown();
    await once(peer, 'end');
    expect(Buffer.concat(arrived).equals(bytes)).toBe(true);
  });

  test('what send has taken may be overwritten at once', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    const arrived: Buffer[] = [];
    peer.on('data', (chunk: Buffer) => arrived.push(chunk)).pause();
    const reused = new Uint8Array(65_536);
    let sent = 0;
    // Until neither the kernel nor the 64 KiB behind it have room: the last of it left after it was overwritten.
    socket.setTimeout(200);
    for (let taken = 1; taken > 0; sent += taken) {
      reused.fill(1);
      taken = await socket.send(reused).catch(() => 0);
      reused.fill(2);
    }
    peer.resume();
    socket.setTimeout(undefined);
    await socket.shutdown();
    await once(peer, 'end');
    const all = Buffer.concat(arrived);
    expect(all).toHaveLength(sent);
    expect(all.indexOf(2)).toBe(-1);
  });

  test('a socket that is not read stops its peer, and then receives everything', async () => {
    const { socket, peer } = await pair(kind);
    const bytes = Buffer.alloc(32 * 2 ** 20, pattern(1000));
    peer.write(bytes);
    expect(await socket.recv(1)).toHaveLength(1);
    await sleep(300);
    const stuck = queuedBytes(peer);
    expect(stuck).toBeGreaterThan(0);
    await sleep(100);
    expect(queuedBytes(peer)).toBe(stuck);
    const rest = await socket.recvExactly(bytes.length - 1);
    expect(bytes.subarray(1).equals(rest)).toBe(true);
  });

  test('receives into memory of the caller, as much as fits, and 0 at the end', async () => {
    const { socket, peer } = await pair(kind);
    const memory = new Uint8Array(8).fill(0xee);
    const waiting = socket.recvInto(memory.subarray(2, 6));
    peer.end('abcdefgh');
    expect(await waiting).toBe(4);
    expect(Buffer.from(memory).toString('latin1')).toBe('\xee\xeeabcd\xee\xee');
    // What did not fit was set aside, and nothing is asked of the kernel for it.
    expect(await socket.recvInto(memory)).toBe(4);
    expect(Buffer.from(memory.subarray(0, 4)).toString()).toBe('efgh');
    expect(await socket.recvInto(new Uint8Array(0))).toBe(0);
    expect(await socket.recvInto(memory)).toBe(0);
  });

  test('reads and writes know nothing of each other: each waits alone', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    const stuck = socket.sendAll(new Uint8Array(64 * 2 ** 20)).catch((error: unknown) => error);
    const waiting = socket.recv(10);
    peer.write('in between');
    expect(Buffer.from(await waiting).toString()).toBe('in between');
    await expect(socket.send(Uint8Array.of(1))).rejects.toMatchObject({ op: 'send', code: 'busy' });
    await expect(socket.shutdown()).rejects.toMatchObject({ op: 'shutdown', code: 'busy' });
    await socket.reset();
    expect(await stuck).toMatchObject({ op: 'send', code: 'not-open' });
  });

  test('an error says which call failed, with whom, how far it came, and why', async () => {
    const { socket, peer } = await pair(kind);
    const other = `127.0.0.1:${socket.remoteAddress?.port}`;
    await delivered(peer, Buffer.from('abc'));
    peer.resetAndDestroy();
    await expect(socket.recvExactly(5)).rejects.toMatchObject({
      op: 'recv',
      code: 'reset',
      peer: other,
      bytesReceived: 3,
      cause: { code: 'ECONNRESET' },
      message: expect.stringContaining(other),
    });
    await expect(socket.sendAll(new Uint8Array(5))).rejects.toMatchObject({ op: 'send', peer: other, bytesTaken: 0 });
  });

  test('two receives at once are an error that says so', async () => {
    const { socket, peer } = await pair(kind);
    const first = socket.recv(1);
    await expect(socket.recv(1)).rejects.toMatchObject({ code: 'busy' });
    peer.write('x');
    expect(await first).toHaveLength(1);
  });

  test('a close ends the calls that wait, and the peer sees an end', async () => {
    const { socket, peer } = await pair(kind);
    const waiting = socket.recv(1).catch((error: unknown) => error);
    peer.on('end', () => peer.end());
    peer.resume();
    await Promise.all([socket.close(), once(peer, 'end')]);
    expect(await waiting).toMatchObject({ code: 'not-open' });
    await expect(socket.recv(1)).rejects.toMatchObject({ code: 'not-open' });
    await expect(socket.send(pattern(1))).rejects.toMatchObject({ code: 'not-open' });
  });

  test('a reset is told to the peer as one', async () => {
    const { socket, peer } = await pair(kind);
    const told = once(peer, 'error');
    peer.resume();
    await socket.reset();
    expect((await told)[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  test('whole reads that are handed out one after the other keep their bytes', async () => {
    const { socket, peer } = await pair(kind);
    const sent = new Uint8Array(8 * 2 ** 20).map((_, at) => Math.floor(at / 1000));
    peer.end(sent);
    const got: Uint8Array[] = [];
    for (let bytes = await socket.recv(65_536); bytes.length > 0; bytes = await socket.recv(65_536)) got.push(bytes);
    expect(got.some(({ length }) => length === 65_536)).toBe(true);
    expect(Buffer.compare(Buffer.concat(got), sent)).toBe(0);
  });

  test('bytes handed out are not overwritten by later ones', async () => {
    const { socket, peer } = await pair(kind);
    peer.write(Buffer.alloc(1000, 1));
    const first = await socket.recv(1000);
    peer.write(Buffer.alloc(1000, 2));
    await socket.recv(1000);
    expect(first.every((byte) => byte === 1)).toBe(true);
  });
});

test('a refused connection is refused', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0 });
  const { port } = listener;
  await listener.close();
  await expect(connect({ host: '127.0.0.1', port })).rejects.toMatchObject({ op: 'connect', code: 'refused' });
});

test('an address in use is told by listen', async () => {
  await using listener = await listen({ host: '127.0.0.1', port: 0 });
  const again = listen({ host: '127.0.0.1', port: listener.port });
  await expect(again).rejects.toMatchObject({ op: 'listen', code: 'address-in-use' });
});
