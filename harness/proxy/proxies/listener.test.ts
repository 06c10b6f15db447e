import { connect } from 'node:net';

import { describe, expect, test } from 'vitest';

import { Rig } from '../rig.ts';

describe('a proxy that lets connects hang', () => {
  test('never answers a SYN, keeps open connections, and accepts again when it is told to', async () => {
    await using rig = new Rig();
    const { proxy, upstream, client, server } = await rig.pair();
    await proxy.update({ hang: true });
    expect(proxy.hanging).toBe(true);
    client.socket.write('still here');
    await server.has(10);
    const port = Number(proxy.listen.split(':').at(-1));
    const waiting = connect(port, '127.0.0.1');
    let ended: string | undefined;
    waiting.on('connect', () => (ended = 'connected')).on('error', (error) => (ended = error.message));
    // A connect on loopback takes well under a millisecond.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ended).toBeUndefined();
    await proxy.update({ hang: false });
    // The kernel sends the SYN again one second after the first.
    await upstream.next();
    expect(ended).toBe('connected');
    waiting.destroy();
    const after = await rig.client(proxy);
    after.socket.write('prompt');
    await (await upstream.next()).has(6);
  });

  test('refuses again once it is disabled, and leaves no thread', async () => {
    await using rig = new Rig();
    const { proxy } = await rig.pair();
    await proxy.update({ hang: true });
    await proxy.update({ enabled: false });
    await expect(rig.client(proxy)).rejects.toThrow('ECONNREFUSED');
  });
});

test('a proxy that is removed while it starts does not listen afterwards', async () => {
  await using rig = new Rig();
  const settings = { name: 'brief', listen: 'localhost:0', upstream: '127.0.0.1:1' };
  const creating = rig.registry.create(settings, { enabled: true, prepare: () => undefined });
  // By now it looks its address up, which takes a thread: it cannot have been found within the same turn of the loop.
  for (let step = 0; step < 20; step += 1) await Promise.resolve();
  rig.registry.remove('brief');
  const proxy = await creating;
  expect(proxy?.enabled).toBe(false);
  expect(rig.told('listening')).toEqual([]);
});
