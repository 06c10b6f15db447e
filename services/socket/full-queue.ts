/**
 * For tests: listeners whose thread never accepts, so that the kernel's queue is all there is.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { connect } from './connect.ts';

/** A listener with this backlog. */
export async function deafListener(backlog: number, place = { host: '127.0.0.1', port: 0 }): Promise<number> {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     void (async () => {
       const { listen } = await import(workerData.library);
       const { port } = await listen(workerData.place, { backlog: workerData.backlog });
       parentPort.postMessage(port);
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     })();`,
    { eval: true, workerData: { library: new URL('listen.ts', import.meta.url).href, place, backlog } },
  );
  onTestFinished(async () => {
    await worker.terminate();
  });
  const [port]: unknown[] = await once(worker, 'message');
  await sleep(100);
  return Number(port);
}

/** A listener at 127.0.0.2 whose queue is full: connecting to it never ends. */
export async function fullListener(port = 0): Promise<number> {
  const host = '127.0.0.2';
  const found = await deafListener(1, { host, port });
  for (let nth = 0; nth < 2; nth += 1) {
    const filling = await connect({ host, port: found });
    onTestFinished(async () => await filling.reset());
  }
  return found;
}
