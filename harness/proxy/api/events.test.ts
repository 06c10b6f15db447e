import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';

import { describe, expect, test } from 'vitest';

import { Journal } from '../events/journal.ts';
import { KEPT_EVENTS } from '../events/past.ts';
import { Api } from './api-rig.ts';
import { eventRoutes } from './events.ts';
import { createApi } from './server.ts';

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
    const stamps = all.map(({ at }) => Number(at));
    expect(stamps).toEqual(stamps.toSorted((one, other) => one - other));
    const later = await read(api, '/events', { 'Last-Event-ID': '4' }, 1);
    const { proxyNumber } = api.rig.registry.get('proxy-1') ?? {};
    expect(later).toMatchObject([{ seq: 5, proxyNumber, kind: 'wrote', direction: 'upstream', offset: 0, bytes: 3 }]);
    client.socket.end();
    expect((await live).length).toBeGreaterThanOrEqual(1);
  });

  test('while nothing happens comments say that the stream still stands', async () => {
    const journal = new Journal();
    const server = createApi(eventRoutes(journal, 10), () => undefined);
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`);
    let text = '';
    for await (const part of response.body ?? []) {
      text += Buffer.from(part as Uint8Array).toString();
      if (text.split(': still here\n\n').length > 3) break;
    }
    expect(text.replaceAll(': still here\n\n', '')).toBe(': halfopen\n\n');
    server.closeAllConnections();
    server.close();
  });

  test('that were forgotten, or that a slow listener missed, are counted', async () => {
    await using api = await Api.open();
    const { journal } = api.rig;
    const socket = connect(api.port, '127.0.0.1');
    socket.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const source = { proxy: 'p', proxyNumber: 1, conn: 1 };
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

  /** Longer together than what may wait for a listener. */
  const recordLong = ({ journal }: Api['rig'], count: number): void => {
    const source = { proxy: 'p', proxyNumber: 1, conn: 1 };
    for (let index = 0; index < count; index += 1) {
      journal.record(source, 'dial-failed', { code: 'other', message: 'x'.repeat(300) });
    }
  };

  test('that are kept are all told to a listener that resumes, however long they are, and what happens then behind them', async () => {
    await using api = await Api.open();
    recordLong(api.rig, KEPT_EVENTS);
    const response = await fetch(`http://127.0.0.1:${api.port}/events`, { headers: { 'Last-Event-ID': '0' } });
    const seqs: number[] = [];
    let rest = '';
    for await (const part of response.body ?? []) {
      // More come while these are told, and again when all are told.
      if (seqs.length === 0) recordLong(api.rig, 500);
      const lines = `${rest}${Buffer.from(part as Uint8Array).toString()}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const told = /^data: {"seq":(\d+),.*"kind":"([^"]+)"/.exec(line);
        if (told !== null) seqs.push(told[2] === 'dial-failed' ? Number(told[1]) : Number.NaN);
      }
      if (seqs.length === KEPT_EVENTS + 500) recordLong(api.rig, 1);
      if (seqs.length > KEPT_EVENTS + 500) break;
    }
    expect(seqs).toEqual(Array.from({ length: KEPT_EVENTS + 501 }, (_, index) => index + 1));
  });

  test('that are forgotten while a listener that resumes takes none are counted, and no more waits for it', async () => {
    await using api = await Api.open();
    recordLong(api.rig, KEPT_EVENTS);
    const socket = connect(api.port, '127.0.0.1');
    socket.write('GET /events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 0\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const total = 4 * KEPT_EVENTS;
    for (let count = KEPT_EVENTS; count < total; count += 1024) {
      recordLong(api.rig, 1024);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const parts: string[] = [];
    let tail = '';
    const last = new RegExp(`data: {"seq":${total},.*\n\n`);
    await new Promise<void>((resolve) => {
      socket.on('data', (part: Buffer) => {
        parts.push(part.toString());
        tail = (tail + part.toString()).slice(-2000);
        if (last.test(tail)) resolve();
      });
      socket.resume();
    });
    socket.destroy();
    const text = parts.join('');
    const told = [...text.matchAll(/^data: {"seq":(\d+),.*?"kind":"([^"]+)"(?:,"count":(\d+))?/gm)];
    const seqs = told.map(([, seq]) => Number(seq));
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other));
    const dropped = told
      .filter(([, , kind]) => kind === 'dropped')
      .reduce((sum, [, , , count]) => sum + Number(count), 0);
    expect(dropped).toBeGreaterThan(KEPT_EVENTS);
    const first = (seqs[0] ?? 0) - 1;
    expect(first + told.filter(([, , kind]) => kind !== 'dropped').length + dropped).toBe(total);
  });

  /** The ids of the events that are told of that path. */
  const idsOf = async (api: Api, path: string, id: string, count: number): Promise<string[]> => {
    const abort = new AbortController();
    const url = `http://127.0.0.1:${api.port}${path}`;
    const response = await fetch(url, { headers: { 'Last-Event-ID': id }, signal: abort.signal });
    let text = '';
    for await (const part of response.body ?? []) {
      text += Buffer.from(part as Uint8Array).toString();
      if (text.split('\n\n').length > count + 1) break;
    }
    abort.abort();
    return [...text.matchAll(/^id: (.*)$/gm)].map(([, one = '']) => one);
  };

  const DIALED = ['dialed', { localPort: 1 }] as const;

  test('after one of another process are all told again, and it is said', async () => {
    await using api = await Api.open();
    const { journal } = api.rig;
    for (let index = 0; index < 3; index += 1) journal.record({ proxy: 'p', proxyNumber: 1, conn: 1 }, ...DIALED);
    const [id = ''] = await idsOf(api, '/events', '2', 1);
    expect(id).toBe(`${journal.process}-3`);
    expect(await read(api, '/events', { 'Last-Event-ID': `${journal.process}-1` }, 2)).toMatchObject([
      { seq: 2 },
      { seq: 3 },
    ]);
    for (const unknown of ['0123456789ab-1', '5000', 'nonsense']) {
      const told = await read(api, '/events', { 'Last-Event-ID': unknown }, 4);
      expect(told.map(({ seq, kind }) => [seq, kind])).toEqual([
        [0, 'restarted'],
        [1, 'dialed'],
        [2, 'dialed'],
        [3, 'dialed'],
      ]);
    }
  });

  test('of one proxy that were forgotten are counted without those of another', async () => {
    await using api = await Api.open();
    const { journal } = api.rig;
    const record = (proxy: string, count: number): void => {
      for (let index = 0; index < count; index += 1) journal.record({ proxy, proxyNumber: 1, conn: 1 }, ...DIALED);
    };
    record('quiet', 10);
    const ids = await idsOf(api, '/events?proxy=quiet', '0', 10);
    record('busy', 20_000);
    record('quiet', 1);
    const after = (index: number) =>
      read(api, '/events?proxy=quiet', { 'Last-Event-ID': ids[index] ?? '' }, index === 9 ? 1 : 2);
    expect(await after(9)).toMatchObject([{ seq: 20_011, kind: 'dialed' }]);
    expect(await after(3)).toMatchObject([
      { seq: 20_011 - 16_384, kind: 'dropped', count: 6, proxy: 'quiet' },
      { seq: 20_011, kind: 'dialed' },
    ]);
    // A number alone does not tell how many of them were of that proxy.
    const [bound] = await read(api, '/events?proxy=quiet', { 'Last-Event-ID': '4' }, 2);
    expect(bound).toMatchObject({ kind: 'dropped', count: 10, atMost: true });
    // Those that are lost to a listener of all proxies concern all.
    const [all] = await read(api, '/events', { 'Last-Event-ID': '0' }, 1);
    expect(all).toMatchObject({ kind: 'dropped', count: 20_011 - 16_384 });
    expect(all).not.toHaveProperty('proxy');
  });
});
