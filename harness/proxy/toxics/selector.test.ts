import { describe, expect, test } from 'vitest';

import { Rig, toxic } from '../rig.ts';

describe('which connections', () => {
  test('by modulo', async () => {
    await using rig = new Rig();
    const { proxy, upstream, client } = await rig.pair([
      toxic('corrupt', { offset: 0, xor: 1, connections: { modulo: [2, 0] } }),
    ]);
    const other = await rig.client(proxy);
    const otherServer = await upstream.next();
    client.socket.end('a');
    other.socket.end('a');
    await otherServer.end();
    expect(otherServer.received.toString()).toBe('`');
    expect(rig.told('effect')).toMatchObject([{ conn: 2 }]);
  });

  test('by the client’s port, on a connection that is open already', async () => {
    await using rig = new Rig();
    const { proxy, upstream, client, server } = await rig.pair();
    const other = await rig.client(proxy);
    const otherServer = await upstream.next();
    const clientPort = other.socket.localPort;
    rig.add(proxy, toxic('reset', { bytes: 0, connections: { clientPort } }));
    expect(await otherServer.end()).toBe('reset');
    client.socket.end('a');
    expect(await server.end()).toBe('fin');
  });

  test('by toxicity, one draw for each connection and toxic that an update does not change', async () => {
    const affected = async (seed: string): Promise<string> => {
      await using rig = new Rig({ seed });
      const upstream = await rig.upstream();
      const proxy = await rig.proxy(upstream.address, [toxic('corrupt', { offset: 0, xor: 1 }, { toxicity: 0.5 })]);
      let pattern = '';
      for (let number = 1; number <= 24; number += 1) {
        const client = await rig.client(proxy);
        const server = await upstream.next();
        const [live] = proxy.toxics('upstream');
        if (live !== undefined) proxy.setToxics('upstream', [live]);
        client.socket.write('a');
        await server.has(1);
        pattern += server.received.toString();
      }
      return pattern;
    };
    const first = await affected('one');
    expect(await affected('one')).toBe(first);
    expect(await affected('two')).not.toBe(first);
    expect(first).toMatch(/a.*`|`.*a/);
  });
});
