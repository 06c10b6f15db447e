/**
 * One measurement of one library, its other end in one more process:
 * `node bench/socket-measured.ts <library> <one-way|round-trip|framed> [connected|accepted]`. Prints the figure: MiB/s, the
 * median in milliseconds, or messages a millisecond.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { quantile } from './quantile.ts';
import { acceptEnd, connectEnd, isOurs, type End, type Library } from './socket-end.ts';
import { receiveByHand, receiveOurs } from './socket-framed.ts';

const MIB = 2 ** 20;
export const THROUGHPUT_BYTES = 4096 * MIB;
export const ROUND_TRIPS = 5000;

function otherEnd(program: string, ...args: (string | number)[]): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return spawn(process.execPath, [path, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function portOf({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error('the other end has no output');
  const [line]: unknown[] = await once(createInterface({ input: stdout }), 'line');
  return Number(line);
}

/** Both ends on `library`, this one receiving. */
async function oneWay(library: Library, side: string): Promise<number> {
  const end = side === 'accepted' ? await acceptSender(library) : await connectToSender(library);
  const tookMs = await end.receive();
  end.close();
  return THROUGHPUT_BYTES / MIB / (tookMs / 1000);
}

async function connectToSender(library: Library): Promise<End> {
  const sender = otherEnd('socket-end.ts', library, 'send', 'listen', 0, THROUGHPUT_BYTES);
  return await connectEnd(library, await portOf(sender));
}

async function acceptSender(library: Library): Promise<End> {
  return await acceptEnd(library, (port) => {
    otherEnd('socket-end.ts', library, 'send', 'connect', port, THROUGHPUT_BYTES);
  });
}

/** Of 64 bytes. */
async function roundTrip(library: Library): Promise<number> {
  const end = await connectEnd(library, await portOf(otherEnd('socket-end.ts', library, 'echo', 'listen')));
  const took = await end.roundTrips(ROUND_TRIPS);
  end.close();
  return quantile(took, 0.5);
}

async function framed(library: Library): Promise<number> {
  const port = await portOf(otherEnd('socket-framed.ts'));
  return await (isOurs(library) ? receiveOurs(port) : receiveByHand(port));
}

async function measure(library: Library, what: string, side: string): Promise<number> {
  if (what === 'one-way') return await oneWay(library, side);
  return await (what === 'framed' ? framed(library) : roundTrip(library));
}

if (import.meta.main) {
  const [library = '', what = '', side = ''] = process.argv.slice(2);
  const known = (['ours', 'into', 'bare', 'fresh'] as const).find((name) => name === library);
  if (known === undefined) throw new Error(`there is no library ${library}`);
  process.stdout.write(`${await measure(known, what, side)}\n`);
  process.exit();
}
