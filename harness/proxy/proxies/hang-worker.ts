/* oxlint-disable unicorn/require-post-message-target-origin -- that is for windows: a thread's port has no origin */
/**
 * The thread behind `full-backlog.ts`: listens, fills its own queue, then blocks, so that nothing is ever accepted.
 */
import { connect, createServer, type AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { listen, gate } = workerData as { readonly listen: { readonly host?: string }; readonly gate: Int32Array };

const FILLERS = 2;

const server = createServer();
server.once('error', (error: NodeJS.ErrnoException) =>
  parentPort?.postMessage({ code: error.code, message: error.message }),
);
server.listen({ ...listen, backlog: 1 }, () => {
  const { address: host, port } = server.address() as AddressInfo;
  const target = { host: listen.host === undefined ? '127.0.0.1' : host, port };
  const fillers = Array.from({ length: FILLERS }, () => connect(target).on('error', () => undefined));
  // Behind the system calls of those connects, and before the loop looks at the listening socket.
  process.nextTick(() => {
    parentPort?.postMessage({ host, port });
    Atomics.wait(gate, 0, 0);
    for (const filler of fillers) filler.destroy();
    server.close();
  });
});
