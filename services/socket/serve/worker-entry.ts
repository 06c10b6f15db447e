/**
 * A thread of `worker-per-connection.ts`: serves the one connection that it is sent.
 */
import { Socket as Stream } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { Socket } from '../socket.ts';
import { converse } from './converse.ts';
import type { Handler } from './session.ts';

const { handler }: { handler: Handler } = await import(workerData.handler);

parentPort?.once('message', (stream: unknown) => {
  if (stream instanceof Stream) void converse(Socket.adopt(stream), handler);
});
