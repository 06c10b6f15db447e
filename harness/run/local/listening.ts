/**
 * Whether somebody listens at an address, without knocking: a probe would be a connection that the server has to serve.
 *
 * Owns the look into the kernel's table and, where there is none, the one connection that has to do instead.
 */
import { readFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';

/** State `0A` is LISTEN (man 5 proc, include/net/tcp_states.h). */
const LISTEN = '0A';
const ANY_V4 = '00000000';

/** Whether a socket of this machine listens on that port, at the address or at any. */
export async function isListening(host: string, port: number): Promise<boolean> {
  const [v4, v6] = await Promise.all(['tcp', 'tcp6'].map((table) => rows(table)));
  if (v4 === undefined || v4 === null) return accepts(host, port);
  const ending = `:${port.toString(16).padStart(4, '0').toUpperCase()}`;
  const places = new Set([ANY_V4, inKernelOrder(host)]);
  const onV4 = v4.some(
    ({ local, state }) => state === LISTEN && places.has(local.slice(0, -5)) && local.endsWith(ending),
  );
  return onV4 || (v6 ?? []).some(({ local, state }) => state === LISTEN && local.endsWith(ending));
}

interface Row {
  readonly local: string;
  readonly state: string;
}

async function rows(table: string): Promise<Row[] | null> {
  const text = await readFile(`/proc/net/${table}`, 'latin1').catch(() => null);
  if (text === null) return null;
  return text.split('\n').flatMap((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return local === undefined || state === undefined ? [] : [{ local, state }];
  });
}

/** An IPv4 address as the table writes it: the bytes of a word of this (little-endian) machine. */
function inKernelOrder(host: string): string {
  const bytes = host.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return bytes.toReversed().join('').toUpperCase();
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).then((answer) => {
    socket.destroy();
    return answer === true;
  });
}

/** A port that nobody listens on at that address just now. */
export async function freePort(host: string): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error(`${host} gave no port`);
  return address.port;
}
