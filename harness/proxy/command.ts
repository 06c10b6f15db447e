/**
 * The wire proxy as a program: flags in, API listening, clean end.
 */
import type { AddressInfo } from 'node:net';

import { Alarm } from './alarm.ts';
import { routesOf, TOXIPROXY_VERSION } from './api/routes.ts';
import { createApi } from './api/server.ts';
import { Journal } from './events/journal.ts';
import { announce, logAt } from './log.ts';
import { readOptions, UsageError } from './options.ts';
import { formatAddress } from './proxies/address.ts';
import { Registry } from './proxies/registry.ts';
import { KernelQueues } from './relay/kernel-queue.ts';

const USAGE_STATUS = 2;
const FAILED_STATUS = 1;

const listen = (server: ReturnType<typeof createApi>, host: string, port: number): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => resolve(server.address() as AddressInfo));
  });

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Runs the proxy until `signal` is aborted, or standard input ends if the flags say so.
 *
 * @param argv the arguments after the program's name
 * @returns the exit status: 0 a clean end, 1 the API could not listen, 2 a wrong flag
 */
export const runProxy = async (argv: readonly string[], signal: AbortSignal): Promise<number> => {
  const log = logAt(process.env['LOG_LEVEL']);
  try {
    const options = readOptions(argv);
    const { host, port, seed } = options;
    const alarm = new Alarm();
    const journal = new Journal();
    const kernel = new KernelQueues(alarm);
    const registry = new Registry({ alarm, journal, kernel, ...options }, log);
    const server = createApi(routesOf({ registry, journal }), log);
    const stopped = new AbortController();
    const bound = await listen(server, host, port);
    server.on('error', (error) => log('error', 'Failed to accept a request', { error: error.message }));
    announce(formatAddress({ kind: 'tcp', host: bound.address, port: bound.port }), {
      version: TOXIPROXY_VERSION,
      seed,
    });
    if (options.exitWithStdin) {
      process.stdin.once('end', () => stopped.abort()).once('error', () => stopped.abort());
      process.stdin.resume();
    }
    await aborted(AbortSignal.any([signal, stopped.signal]));
    registry.stop();
    alarm.stop();
    kernel.close();
    process.stdin.destroy();
    server.close();
    server.closeAllConnections();
    return 0;
  } catch (error) {
    process.stderr.write(`halfopen proxy: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? USAGE_STATUS : FAILED_STATUS;
  }
};
