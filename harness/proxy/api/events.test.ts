import { once } from 'node:events';
import { connect } from 'node:net';

import { describe, expect, test } from 'vitest';

import { Api } from './api-rig.ts';

describe('events', () => {
  const read = async (
    api: Api,
    path: string,
    headers: Record<string, string>,
    count: number,
  ): Promise<Record<string, unknown>[]> => {
    const abort = new AbortController();
    const response = await fetch(`http://127.0.0.1:${api.port}${path}`, { headers, signal: abort.signal });
    const found: Record<string, unknown>[] = [];
    let text = '';
    for await (const part of response.body ?? []) {
      text += Buffer.from(part as Uint8Array).toString();
      found.splice(
        0,
        Infinity,
        ...[...text.matchAll(/^data: (.*)\n/gm)].map((match) => JSON.parse(match[1] ?? '') as Record<string, unknown>),
      );
      if (found.length >= count) break;
    }
    abort.abort();
    return found;
  };

  test('are told as they happen, and again from a given one on', async () => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair();
    const live = read(api, '/events', {}, 1);
    client.socket.write('abc');
    await server.has(3);
    const all = await read(api, '/events?proxy=proxy-1', { 'Last-Event-ID': '0' }, 5);
    expect(all.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, 'listening'],
      [2, 'accepted'],
      [3, 'dialed'],
      [4, 'read'],
      [5, 'wrote'],
    ]);
    const later = await read(api, '/events', { 'Last-Event-ID': '4' }, 1);
    expect(later).toMatchObject([{ seq: 5, kind: 'wrote', direction: 'upstream', offset: 0, bytes: 3 }]);
    client.socket.end();
    expect((await live).length).toBeGreaterThanOrEqual(1);
  });

  test('that were forgotten, or that a slow listener missed, are counted', async () => {
    await using api = await Api.open();
    const { journal } = api.rig;
    const socket = connect(api.port, '127.0.0.1');
    socket.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const source = { proxy: 'p', conn: 1 };
    const count = 40_000;
    // More than the kernel's buffers and the listener's queue take.
    for (let index = 0; index < count; index += 1) {
      journal.record(source, 'dial-failed', { code: 'other', message: 'x'.repeat(1000) });
      if (index % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    let tail = '';
    const dropped = await new Promise<string>((resolve) => {
      socket.on('data', (part) => {
        tail = (tail + part.toString()).slice(-100_000);
        const found = /data: (.*"kind":"dropped".*)\n/.exec(tail)?.[1];
        if (found !== undefined) resolve(found);
      });
      socket.resume();
    });
    socket.destroy();
    const lost = (JSON.parse(dropped) as { count: number }).count;
    expect(lost).toBeGreaterThan(1000);
    expect(lost).toBeLessThan(count);
    const [first] = await read(api, '/events', { 'Last-Event-ID': '0' }, 1);
    expect(first).toMatchObject({ kind: 'dropped', count: count - 16_384 });
  });
});
