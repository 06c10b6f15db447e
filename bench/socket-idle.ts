/**
 * A server process that accepts idle connections and prints the bytes that each costs:
 * `node --expose-gc bench/socket-idle.ts <ours|bare> <count>`.
 */
import { spawn } from 'node:child_process';
import * as net from 'node:net';
import { listen } from '../services/socket/listen.ts';

const [library, counted] = process.argv.slice(2);
const count = Number(counted);

const CLIENT = `
const net = require('node:net');
for (let nth = 0; nth < ${count}; nth += 1) net.connect(Number(process.argv[1]), '127.0.0.1').on('error', () => {});
process.stdin.on('end', () => process.exit()).resume();
`;

function rss(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

const before = rss();
const held: unknown[] = [];

async function holdOurs(): Promise<void> {
  const listener = await listen({ host: '127.0.0.1', port: 0 }, { backlog: count });
  const client = spawn(process.execPath, ['-e', CLIENT, String(listener.port)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  for (let nth = 0; nth < count; nth += 1) {
    const socket = await listener.accept();
    held.push(
      socket,
      socket.recv(1).catch(() => {}),
    );
  }
  client.stdin.end();
}

async function holdBare(): Promise<void> {
  await new Promise<void>((resolve) => {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      held.push(socket.on('error', () => {}).resume());
      if (held.length === count) resolve();
    });
    server.listen({ port: 0, host: '127.0.0.1', backlog: count }, () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      spawn(process.execPath, ['-e', CLIENT, String(port)], { stdio: ['pipe', 'ignore', 'inherit'] });
    });
  });
}

await (library === 'bare' ? holdBare() : holdOurs());
process.stdout.write(`${(rss() - before) / count}\n`);
process.exit();
