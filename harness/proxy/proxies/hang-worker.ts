/* oxlint-disable unicorn/require-post-message-target-origin -- that is for windows: a thread's port has no origin */
/**
 * The thread behind `full-backlog.ts`: listens, then blocks, so that nothing is ever accepted.
 */
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { listen, gate } = workerData as { readonly listen: object; readonly gate: Int32Array };

const server = createServer();
server.once('error', (error: NodeJS.ErrnoException) =>
  parentPort?.postMessage({ code: error.code, message: error.message }),
);
server.listen({ ...listen, backlog: 1 }, () => {
  parentPort?.postMessage('listening');
  // In this callback, before the loop looks at the socket again.
  Atomics.wait(gate, 0, 0);
  server.close();
});
