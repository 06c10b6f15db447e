/**
 * What connections cost whose peers read nothing, above idle ones:
 * `node --expose-gc bench/socket-unread.ts <sendAll|send> <MiB offered to each> <connections>`.
 *
 * The peers live in a process of their own, so that nothing of theirs is counted. Prints three figures: the bytes that the
 * JavaScript engine accounts for (its heap and the memory of all buffers), for one connection; the bytes by which the process
 * grew, for one connection; and how many connections still have something to send. (A little is all in the kernel.)
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../services/socket/connect.ts';
import type { Socket } from '../services/socket/socket.ts';

const MIB = 2 ** 20;

/** How long nothing may have been taken before a connection counts as full. */
const STANDSTILL_MS = 300;

const DEAF = `
const server = require('node:net').createServer({ pauseOnConnect: true }, (socket) => socket.on('error', () => {}));
server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
`;

interface Held {
  readonly accountedBytes: number;
  readonly processBytes: number;
}

/** Memory of this process that is no file's and no shared library's. */
function anonymousBytes(): number {
  const [, kib = '0'] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) * 1024;
}

async function held(): Promise<Held> {
  // Twice, with a turn between: what is freed late, by finalizers, is then gone as well.
  globalThis.gc?.();
  await sleep(50);
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { accountedBytes: heapUsed + external, processBytes: anonymousBytes() };
}

/** What has happened so far, and changes no more once every connection is full. */
const progress = { calls: 0, finished: 0 };

async function offer(socket: Socket, how: string, offered: Uint8Array): Promise<void> {
  if (how === 'sendAll') await socket.sendAll(offered);
  else {
    for (let at = 0; at < offered.length; progress.calls += 1) at += await socket.send(offered.subarray(at));
  }
  progress.finished += 1;
}

const [how = 'sendAll', mib = '1', count = '1'] = process.argv.slice(2);
const deaf = spawn(process.execPath, ['-e', DEAF], { stdio: ['pipe', 'pipe', 'inherit'] });
const [port]: unknown[] = await once(deaf.stdout, 'data');
const sockets: Socket[] = [];
for (let nth = 0; nth < Number(count); nth += 1) {
  sockets.push(await connect({ host: '127.0.0.1', port: Number(port) }));
}
const offered = new Uint8Array(Number(mib) * MIB).fill(1);
const idle = await held();
for (const socket of sockets) {
  // A connection that fails has no business here: it would cost too little.
  offer(socket, how, offered).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
for (let before = ''; before !== JSON.stringify(progress);) {
  before = JSON.stringify(progress);
  await sleep(STANDSTILL_MS);
}
const full = await held();
const each = (of: keyof Held): number => Math.round((full[of] - idle[of]) / sockets.length);
process.stdout.write(`${each('accountedBytes')} ${each('processBytes')} ${sockets.length - progress.finished}\n`);
process.exit();
