import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { Api } from '../api/api-rig.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Listens there for a moment; throws when somebody else does. */
const bind = async (port: number): Promise<number> => {
  const server = createServer().listen({ host: '127.0.0.1', port });
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  server.close();
  await once(server, 'close');
  return bound;
};

test('a proxy that is asked for six times at once is made once, is gone when it is removed, and lets the program end', async () => {
  const child = spawn(process.execPath, [MAIN, '--host', '127.0.0.1', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'disabled' },
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { address } = JSON.parse(line) as { address: string };
    const call = async (method: string, path: string, body?: object): Promise<{ status: number; json: unknown }> => {
      const sent = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const response = await fetch(`http://${address}${path}`, sent);
      const text = await response.text();
      return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
    };
    const port = await bind(0);
    const wanted = { name: 'p', listen: `localhost:${port}`, upstream: '127.0.0.1:1' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/populate', [wanted])));
    const made = { status: 201, json: { proxies: [{ name: 'p', enabled: true }] } };
    expect(answers).toMatchObject(Array.from({ length: 6 }, () => made));
    expect(await call('GET', '/proxies')).toMatchObject({ json: { p: { enabled: true } } });
    expect((await call('DELETE', '/proxies/p')).status).toBe(204);
    expect(await bind(port)).toBe(port);
    expect(await call('POST', '/proxies', { ...wanted, name: 'q' })).toMatchObject({ status: 201 });
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

const name = fc.constantFrom('x', 'y');
const flag = fc.boolean();
const act = fc.oneof(
  fc.record({ act: fc.constant('populate' as const), names: fc.uniqueArray(name, { minLength: 1 }), other: flag }),
  fc.record({ act: fc.constant('create' as const), name }),
  fc.record({ act: fc.constant('delete' as const), name }),
  fc.record({ act: fc.constant('reset' as const) }),
  fc.record({ act: fc.constant('change' as const), name, to: fc.record({ enabled: flag }) }),
  fc.record({ act: fc.constant('change' as const), name, to: fc.record({ hang: flag }) }),
);

test(
  'whatever is made, changed, reset and removed at once, all is done or refused and no listener is left behind',
  { timeout: 60_000 },
  async () => {
    await using api = await Api.open();
    const ports = { x: await bind(0), y: await bind(0) };
    const wanted = (one: 'x' | 'y', other: boolean): object => ({
      name: one,
      // A name, which is looked up: that takes a thread, and others have their turn meanwhile.
      listen: `localhost:${ports[one]}`,
      upstream: `127.0.0.1:${other ? 2 : 1}`,
    });
    const call = (one: typeof act extends fc.Arbitrary<infer Act> ? Act : never): ReturnType<typeof api.call> => {
      if (one.act === 'reset') return api.call('POST', '/reset');
      if (one.act === 'populate') {
        const list = one.names.map((each) => wanted(each, one.other));
        return api.call('POST', '/populate', list);
      }
      if (one.act === 'create') return api.call('POST', '/proxies', wanted(one.name, false));
      if (one.act === 'delete') return api.call('DELETE', `/proxies/${one.name}`);
      return api.call('PATCH', `/proxies/${one.name}`, one.to);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 12 }), async (acts) => {
        const answers = await Promise.all(acts.map(call));
        expect(answers.filter(({ status }) => status >= 500).map(({ text }) => text)).toEqual([]);
        for (const one of ['x', 'y'] as const) {
          await api.call('DELETE', `/proxies/${one}`);
          expect(await bind(ports[one])).toBe(ports[one]);
        }
      }),
      { numRuns: 40 },
    );
  },
);
