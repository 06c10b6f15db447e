/**
 * The queue of a listener in a process that is alive: nobody accepts, or there is no descriptor to accept with.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.ts';
import { listen } from './listen.ts';
import { select } from './select.ts';
import type { Socket } from './socket.ts';
import type { SocketError } from './socket-error.ts';

const HOST = '127.0.0.1';

const codeOf = ({ code }: SocketError): string => code;

async function client(port: number): Promise<Socket> {
  const socket = await connect({ host: HOST, port });
  onTestFinished(async () => await socket.reset());
  return socket;
}

test('holds backlog + 1 connections that nobody accepts, resets what comes beyond, and has room again', async () => {
  await using listener = await listen({ host: HOST, port: 0 }, { backlog: 2 });
  const held: Socket[] = [];
  while (held.length < 3) held.push(await client(listener.port));
  for (let nth = 0; nth < 5; nth += 1) {
    // A reset that comes at once may be told to the connect.
    const told = client(listener.port).then(async (socket) => await socket.recv(1));
    expect(await told.catch(codeOf)).toBe('reset');
  }
  const [first, ...others] = held;
  const accept = async (): Promise<Socket> => {
    const socket = await listener.accept();
    onTestFinished(async () => await socket.reset());
    return socket;
  };
  expect((await accept()).remoteAddress).toEqual(first?.localAddress);
  const late = await client(listener.port);
  for (const waiting of [...others, late]) {
    const accepted = await accept();
    expect(accepted.remoteAddress).toEqual(waiting.localAddress);
    await waiting.sendAll(Uint8Array.of(7));
    expect(await accepted.recv(1)).toEqual(Uint8Array.of(7));
  }
  expect(await select([listener], [], [], { timeoutMs: 0 })).toEqual([[], [], []]);
});

/** A server that keeps what it accepts until it is told to close it all, and says what its accepts gave. */
const KEEPER = `
  const { listen } = await import(process.argv[1]);
  const listener = await listen({ host: '${HOST}', port: 0 });
  console.log(listener.port);
  const held = [];
  process.stdin.on('data', () => Promise.all(held.splice(0).map((socket) => socket.reset()))
    .then(() => console.log('closed')));
  for (;;) {
    console.log(await listener.accept().then((socket) => (held.push(socket), 'accepted'), (error) => error.code));
  }`;

test('out of descriptors, Node ends what it cannot accept and tells nobody; with some free it accepts again', async () => {
  const library = new URL('listen.ts', import.meta.url).href;
  const limited = ['-c', 'ulimit -n 64 && exec "$0" "$@"', process.execPath, '--input-type=module', '-e', KEEPER];
  const child = spawn('sh', [...limited, library], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'close');
  });
  const lines = createInterface({ input: child.stdout });
  const [port] = await once(lines, 'line');
  const said: string[] = [];
  lines.on('line', (line) => said.push(line));
  let ended = 0;
  const end = (): void => void (ended += 1);
  const clients: Socket[] = [];
  // More than there are descriptors.
  while (clients.length < 64) {
    const socket = await client(Number(port));
    clients.push(socket);
    socket.recv(1).then(end, end);
  }
  await expect.poll(() => said.length + ended).toBe(64);
  expect(said).toEqual(said.map(() => 'accepted'));
  expect(said.length).toBeGreaterThan(0);
  expect(ended).toBeGreaterThan(0);
  child.stdin.write('\n');
  await expect.poll(() => said.at(-1)).toBe('closed');
  await client(Number(port));
  await expect.poll(() => said.at(-1)).toBe('accepted');
});
