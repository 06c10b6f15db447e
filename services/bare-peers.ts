/**
 * For tests: a reference subject as a process, and the peer of bare bytes that it meets.
 *
 * Owns how they are started and left. What is said between them is the test's.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { onTestFinished } from 'vitest';
import { COMMANDS, type Name } from './commands.ts';
import { SubjectProcess } from './node/subject-process.ts';

export type Params = Readonly<Record<string, unknown>>;

/** Long enough for what must not happen to show itself. */
const WATCH_MS = 200;
/** A busy machine is no fault of theirs. */
const PATIENT = { ioTimeoutMs: 0, connectTimeoutMs: 0 };

export function serving(name: Name, workload: string, params: Params): SubjectProcess {
  return new SubjectProcess({
    role: 'server',
    workload,
    port: 0,
    params: { ...PATIENT, ...params },
    command: COMMANDS[name],
  });
}

export function visiting(name: Name, workload: string, port: number, params: Params): SubjectProcess {
  return new SubjectProcess({
    role: 'client',
    workload,
    port,
    params: { ...PATIENT, ...params },
    command: COMMANDS[name],
  });
}

function keep(peer: net.Socket): net.Socket {
  peer.on('error', () => {});
  onTestFinished(() => {
    peer.destroy();
  });
  return peer;
}

/** A bare client. */
export async function visitorOf(server: SubjectProcess): Promise<net.Socket> {
  const peer = keep(net.connect({ port: await server.port(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true }));
  await once(peer, 'connect');
  return peer;
}

/** A bare server, which leaves what comes to the test. */
export async function bareServer(): Promise<{ port: number; next: () => Promise<net.Socket> }> {
  const arrived: net.Socket[] = [];
  const listening = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
  listening.on('connection', (peer) => {
    arrived.push(keep(peer));
    listening.emit('arrived');
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(() => {
    listening.close();
  });
  const next = async (): Promise<net.Socket> => {
    while (arrived.length === 0) await once(listening, 'arrived');
    return arrived.shift() ?? new net.Socket();
  };
  const address = listening.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, next };
}

/** All that comes up to the end, or up to so many bytes. */
export async function bytesFrom(peer: net.Socket, enough = Infinity): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let had = 0;
  const take = (piece: Buffer): void => {
    pieces.push(piece);
    had += piece.length;
    if (had >= enough) peer.emit('enough');
  };
  peer.on('data', take).resume();
  await Promise.race(['enough', 'end', 'close'].map(async (event) => await once(peer, event)));
  peer.off('data', take);
  return Buffer.concat(pieces);
}

/** How the subject ends the connection; what else comes is dropped. */
export async function endOf(peer: net.Socket): Promise<'in order' | 'reset'> {
  const ended = once(peer.resume(), 'end').then(() => 'in order' as const);
  return await ended.catch(() => 'reset' as const);
}

/** Whether nothing of this name is told for a while. */
export async function untold(subject: SubjectProcess, event: string): Promise<boolean> {
  const told = subject.event(event).then(
    () => false,
    () => false,
  );
  const quiet = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(true), WATCH_MS);
  });
  return await Promise.race([told, quiet]);
}
