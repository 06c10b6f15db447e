import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

import { describe, expect, test } from 'vitest';

import { Api } from './api-rig.ts';
import { createApi } from './server.ts';

describe('every request', () => {
  test('has a request id of twenty characters when its path is known', async () => {
    await using api = await Api.open();
    const known = await api.call('GET', '/version');
    expect(known.headers.get('x-toxiproxy-request-id')).toMatch(/^[0-9a-v]{20}$/);
    expect((await api.call('GET', '/nothing')).headers.get('x-toxiproxy-request-id')).toBeNull();
  });

  test('is refused to browsers on known paths', async () => {
    await using api = await Api.open();
    const agent = { 'User-Agent': 'Mozilla/5.0' };
    expect(await api.call('GET', '/proxies', undefined, agent)).toMatchObject({
      status: 403,
      text: 'User agent not allowed\n',
    });
    expect(await api.call('GET', '/nothing', undefined, agent)).toMatchObject({ status: 404 });
  });

  test('to an unknown path is 404, to a known one by another method 405, to a doubled slash 301', async () => {
    await using api = await Api.open();
    expect(await api.call('GET', '/nothing')).toMatchObject({ status: 404, text: '404 page not found\n' });
    expect(await api.call('GET', '/proxies/')).toMatchObject({ status: 404 });
    for (const method of ['PUT', 'OPTIONS', 'HEAD'])
      expect(await api.call(method, '/proxies')).toMatchObject({ status: 405, text: '' });
    const doubled = await api.call('GET', '//proxies?x=1');
    expect(doubled.status).toBe(301);
    expect(doubled.headers.get('location')).toBe('/proxies?x=1');
  });

  test('that is too large is refused before it is read', async () => {
    await using api = await Api.open();
    const call = request({ port: api.port, method: 'POST', path: '/proxies' });
    call.on('error', () => undefined);
    const answered = once(call, 'response');
    call.write(Buffer.alloc(5 * 1024 * 1024, 0x20));
    const [response] = (await answered) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    call.destroy();
  });

  test.for(['hello', 'FOO /proxies HTTP/1.1\r\nHost: x'])('that is no HTTP is told so', async (head) => {
    await using api = await Api.open();
    const socket = connect(api.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (part) => (answer += part.toString())).write(`${head}\r\n\r\n`);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  test('may name the whole address, as through an HTTP proxy', async () => {
    await using api = await Api.open();
    const socket = connect(api.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (part) => (answer += part.toString()));
    socket.write('GET http://toxiproxy:8474/version?x=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*2\.12\.0/);
  });

  test('that is sent too slowly is ended about when its time is over', async () => {
    const server = createApi([], () => undefined, 100);
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write('POST /proxies HTTP/1.1\r\nHost:');
    const began = performance.now();
    await once(socket, 'close');
    server.close();
    // Node alone looks every 30 s.
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test.for(['end', 'resetAndDestroy'] as const)(
    'that ends in the middle (%s) harms nobody, and is no error of the proxy',
    async (how) => {
      const refused = Promise.withResolvers<unknown[]>();
      const route = { method: 'POST', path: '/proxies', answer: () => undefined };
      const server = createApi([route], (...line) => refused.resolve(line));
      server.listen({ host: '127.0.0.1', port: 0 });
      await once(server, 'listening');
      const arrived = once(server, 'request');
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.write('POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"name"');
      await arrived;
      socket[how]();
      const facts = { method: 'POST', path: '/proxies', status: 400, error: 'request ended early' };
      expect(await refused.promise).toEqual(['debug', 'Request refused', facts]);
      server.close();
    },
  );
});
