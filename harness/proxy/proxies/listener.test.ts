import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

  test.for(['127.0.0.1', '[::1]', ''])(
    'from the start, on a free port of %j, and is refused on one that is taken',
    async (host) => {
      await using rig = new Rig();
      const start = { enabled: true, hang: true, prepare: () => undefined };
      const upstream = '127.0.0.1:1';
      const proxy = await rig.registry.create({ name: 'first', listen: `${host}:0`, upstream }, start);
      expect(proxy).toMatchObject({ enabled: true, hanging: true });
      const { listen = '' } = proxy ?? {};
      expect(listen).toMatch(/:[1-9]\d*$/);
      const again = rig.registry.create({ name: 'second', listen, upstream }, start);
      await expect(again).rejects.toThrow(`listen tcp ${listen}: bind: address already in use`);
      const waiting = rig.client({ listen: listen.replace('[::]', '127.0.0.1') }).then(() => 'connected');
      waiting.catch(() => undefined);
      const aWhile = new Promise((resolve) => setTimeout(() => resolve('waiting'), 100));
      expect(await Promise.race([waiting, aWhile])).toBe('waiting');
      expect(rig.told('listening')).toMatchObject([{ address: listen }]);
    },
  );

  test('refuses again once it is disabled, and leaves no thread', async () => {
    await using rig = new Rig();
    const { proxy } = await rig.pair();
    await proxy.update({ hang: true });
    await proxy.update({ enabled: false });
    await expect(rig.client(proxy)).rejects.toThrow('ECONNREFUSED');
  });

  test('removed before its queue is full, frees its port', async () => {
    await using rig = new Rig();
    const { proxy, upstream } = await rig.pair();
    const hanging = proxy.update({ hang: true });
    // By now the thread starts, which takes it milliseconds: it cannot listen within this turn of the loop.
    for (let step = 0; step < 20; step += 1) await Promise.resolve();
    await rig.registry.remove(proxy.name);
    await hanging;
    const after = await rig.proxy(upstream.address, [], proxy.listen);
    expect(after.listen).toBe(proxy.listen);
    (await rig.client(after)).socket.write('prompt');
    await (await upstream.next()).has(6);
  });

  test('can be changed, and still lets connects hang, on the port it had', async () => {
    await using rig = new Rig();
    const { proxy } = await rig.pair();
    const elsewhere = await rig.upstream();
    await proxy.update({ hang: true });
    const { listen } = proxy;
    await proxy.update({ upstream: elsewhere.address });
    expect(proxy).toMatchObject({ listen, enabled: true, hanging: true });
    await proxy.update({ hang: false });
    (await rig.client(proxy)).socket.write('prompt');
    await (await elsewhere.next()).has(6);
  });

  test('keeps it while it is disabled, and never accepts when it is enabled again', async () => {
    await using rig = new Rig();
    const { proxy } = await rig.pair();
    await proxy.update({ hang: true, enabled: false });
    await proxy.update({ enabled: true });
    const waiting = connect(Number(proxy.listen.split(':').at(-1)), '127.0.0.1');
    let ended: string | undefined;
    waiting.on('connect', () => (ended = 'connected')).on('error', (error) => (ended = error.message));
    await new Promise((resolve) => setTimeout(resolve, 300));
    waiting.destroy();
    expect(ended).toBeUndefined();
    expect(rig.told('accepted').length).toBe(1);
  });
});

test('a proxy that is removed while it starts does not listen afterwards', async () => {
  await using rig = new Rig();
  const settings = { name: 'brief', listen: 'localhost:0', upstream: '127.0.0.1:1' };
  const creating = rig.registry.create(settings, { enabled: true, hang: false, prepare: () => undefined });
  // By now it looks its address up, which takes a thread: it cannot have been found within the same turn of the loop.
  for (let step = 0; step < 20; step += 1) await Promise.resolve();
  const removing = rig.registry.remove('brief');
  const proxy = await creating;
  expect(await removing).toBe(true);
  expect(proxy?.enabled).toBe(false);
  expect(rig.told('listening')).toEqual([]);
});

describe('a Unix socket', () => {
  const inFolder = async (work: (path: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-'));
    try {
      await work(join(folder, 'socket'));
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  test('that a killed program left is replaced', async () => {
    await inFolder(async (path) => {
      const script = "require('node:net').createServer().listen(process.argv[1], () => console.log('listening'))";
      const child = spawn(process.execPath, ['-e', script, path]);
      await once(child.stdout, 'data');
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await using rig = new Rig();
      const upstream = await rig.upstream();
      const proxy = await rig.proxy(upstream.address, [], `unix:${path}`);
      expect(proxy.listen).toBe(`unix:${path}`);
      (await rig.client(proxy)).socket.write('prompt');
      await (await upstream.next()).has(6);
    });
  });

  test('on which somebody listens, or what is no socket, stays', async () => {
    await inFolder(async (path) => {
      await using rig = new Rig();
      await rig.upstream({ path });
      await expect(rig.proxy('127.0.0.1:1', [], `unix:${path}`)).rejects.toThrow('bind: address already in use');
      await writeFile(`${path}.txt`, 'dear');
      await expect(rig.proxy('127.0.0.1:1', [], `unix:${path}.txt`)).rejects.toThrow('bind: address already in use');
      expect(await readFile(`${path}.txt`, 'utf8')).toBe('dear');
    });
  });
});
