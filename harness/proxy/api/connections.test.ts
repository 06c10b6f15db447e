import { describe, expect, test } from 'vitest';

import { Api, refusal } from './api-rig.ts';

describe('connections', () => {
  test('are listed with their bytes, their state and the toxics that acted', async () => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair([
      { name: 'f0', type: 'corrupt', stream: 'upstream', attributes: { offset: 0, xor: 1 } },
    ]);
    client.socket.write('abc');
    await server.has(3);
    const [one] = (await api.call('GET', '/connections')).json as [object];
    expect(one).toMatchObject({
      proxy: 'proxy-1',
      conn: 1,
      client: `127.0.0.1:${client.socket.localPort}`,
      state: 'open',
      bytes: { upstream: { read: 3, wrote: 3, held: 0 }, downstream: { read: 0 } },
      acted: ['f0'],
    });
  });

  test('take toxics of their own: one is reset, now, the other lives', async () => {
    await using api = await Api.open();
    const { proxy: made, upstream, client } = await api.rig.pair();
    const other = await api.rig.client(made);
    await upstream.next();
    const path = '/proxies/proxy-1/connections/2/toxics';
    expect(await api.call('POST', path, { type: 'reset', attributes: { bytes: 0 } })).toMatchObject({ status: 200 });
    expect(await other.end()).toBe('reset');
    expect(client.ending).toBeUndefined();
    expect(await api.call('POST', path, { type: 'noop' })).toMatchObject(refusal(404, 'connection not found'));
    const first = '/proxies/proxy-1/connections/1/toxics';
    await api.call('POST', first, { name: 'a', type: 'noop' });
    expect(await api.call('DELETE', `${first}/a`)).toMatchObject({ status: 204 });
    expect(await api.call('DELETE', `${first}/a`)).toMatchObject(refusal(404, 'toxic not found'));
  });
});

describe('metrics', () => {
  test('count the bytes of open connections', async () => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair();
    client.socket.write('abc');
    await server.has(3);
    const { text } = await api.call('GET', '/metrics');
    expect(text).toMatch(/toxiproxy_proxy_received_bytes_total\{direction="upstream",[^}]*proxy="proxy-1"[^}]*\} 3\n/);
    expect(text).toMatch(/toxiproxy_proxy_sent_bytes_total\{direction="downstream",[^}]*\} 0\n/);
  });
});
