/**
 * The scripted peer: plays bytes, ends and pauses that no correct program would, as server or as client.
 *
 * Owns the two roles and their connections; the script comes from `HALFOPEN_SCRIPT`. It speaks the contract's events, so
 * that the harness runs it like any subject, but it keeps none of the contract's promises about them.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { Player } from './player.ts';
import { readScripts, stepsFor } from './script.ts';
import type { Script } from './script.ts';
import { tell } from './tell.ts';

/** The contract's exit status for what a subject does not support. */
const UNSUPPORTED = 127;

const stopping = new AbortController();
process.stdin
  .on('end', () => stopping.abort())
  .on('error', () => stopping.abort())
  .resume();

async function untilStopped(): Promise<void> {
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
}

async function serve(host: string, scripts: readonly Script[]): Promise<void> {
  const playing = new Set<Promise<void>>();
  let conn = 0;
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    conn += 1;
    tell('accepted', { conn, peerPort: socket.remotePort ?? 0 });
    playing.add(new Player(conn, socket).play(stepsFor(scripts, conn), stopping.signal));
  });
  server.listen({ host, port: 0 });
  await once(server, 'listening');
  tell('listening', { port: (server.address() as AddressInfo).port });
  await untilStopped();
  server.close();
  await Promise.all(playing);
}

async function visit(port: number, host: string, scripts: readonly Script[], connections: number): Promise<void> {
  const numbers = Array.from({ length: connections }, (_, index) => index + 1);
  await Promise.all(numbers.map((conn) => visitOnce(port, host, scripts, conn)));
  if (!stopping.signal.aborted) tell('done');
  await untilStopped();
}

async function visitOnce(port: number, host: string, scripts: readonly Script[], conn: number): Promise<void> {
  tell('connecting', { conn, key: conn });
  const socket = connect({ host, port, allowHalfOpen: true });
  // What comes stays in the kernel until a step takes it.
  socket.pause();
  try {
    await once(socket, 'connect', { signal: stopping.signal });
  } catch (error) {
    socket.destroy();
    if (!stopping.signal.aborted) tell('failed', { conn, op: 'connect', code: 'other', message: String(error) });
    tell('closed', { conn });
    return;
  }
  tell('connected', { conn, localPort: socket.localPort ?? 0 });
  await new Player(conn, socket).play(stepsFor(scripts, conn), stopping.signal);
}

/** How many connections a client makes: the contract's parameter. */
function connectionsAsked(source: string | undefined): number {
  const params: unknown = JSON.parse(source === undefined || source === '' ? '{}' : source);
  const asked = (params as { connections?: unknown }).connections;
  return typeof asked === 'number' ? asked : 1;
}

async function play(): Promise<number> {
  const { HALFOPEN_ROLE: role, HALFOPEN_HOST: host = '', HALFOPEN_PORT: port, HALFOPEN_PARAMS: params } = process.env;
  if (role === undefined || role === '') {
    await untilStopped();
    return 0;
  }
  const scripts = readScripts(process.env['HALFOPEN_SCRIPT']);
  if (scripts === undefined || (role !== 'server' && role !== 'client')) {
    process.stdout.write('{"event":"unsupported"}\n');
    return UNSUPPORTED;
  }
  if (role === 'server') await serve(host, scripts);
  else await visit(Number(port), host, scripts, connectionsAsked(params));
  return 0;
}

process.exitCode = await play();
process.exit();
