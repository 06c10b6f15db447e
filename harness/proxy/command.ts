/**
 * The wire proxy as a program: flags in, API listening, clean end.
 */
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';

import { Alarm } from './alarm.ts';
import { populate, readProxies } from './api/populate.ts';
import type { ProxyRequest } from './api/proxies.ts';
import { routesOf, TOXIPROXY_VERSION } from './api/routes.ts';
import { createApi } from './api/server.ts';
import { Journal } from './events/journal.ts';
import { usage } from './flags.ts';
import { announce, logAt } from './log.ts';
import { type Options, readOptions, UsageError } from './options.ts';
import { boundAddress, resolveAddress } from './proxies/address.ts';
import { openOn } from './proxies/listener.ts';
import { Registry } from './proxies/registry.ts';
import { KernelQueues } from './relay/kernel-queue.ts';

const USAGE_STATUS = 2;
/** The machine did not give what was asked for: a setup error, as in a run. */
const FAILED_STATUS = 3;

/** IPv4 first, as proxies listen, whatever the system's order is. */
const listen = async (server: Server, { host, port }: Options): Promise<string> => {
  const address = await resolveAddress({ kind: 'tcp', host, port });
  await openOn(server, address);
  return boundAddress(server, address);
};

/**
 * Proxies of a configuration file.
 *
 * @throws UsageError naming the file and what is wrong with it
 */
const readConfig = async (file: string): Promise<readonly ProxyRequest[]> => {
  try {
    return readProxies(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file}: ${why.replace(/^bad request body: /, '')}`, { cause });
  }
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Runs the proxy until `signal` is aborted, or standard input ends if the flags say so.
 *
 * @param argv the arguments after the program's name
 * @returns the exit status: 0 a clean end, 2 a wrong flag or configuration, 3 it could not listen
 */
export const runProxy = async (argv: readonly string[], signal: AbortSignal): Promise<number> => {
  try {
    const options = readOptions(argv);
    if (options.help) {
      process.stdout.write(usage());
      return 0;
    }
    if (options.version) {
      // Scripts read this line. Which program it really is stands in the help.
      process.stdout.write(`toxiproxy-server version ${TOXIPROXY_VERSION}\n`);
      return 0;
    }
    // Read before anything listens: a wrong file must not leave a proxy that has nothing to do.
    const first = options.config === undefined ? [] : await readConfig(options.config);
    return await serve(options, first, signal);
  } catch (error) {
    process.stderr.write(`halfopen proxy: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? USAGE_STATUS : FAILED_STATUS;
  }
};

const serve = async (options: Options, first: readonly ProxyRequest[], signal: AbortSignal): Promise<number> => {
  // Whoever read the log may be gone; that is no reason to end before the connections did.
  process.stdout.on('error', () => undefined);
  const log = logAt(process.env['LOG_LEVEL']);
  const alarm = new Alarm();
  const journal = new Journal();
  const kernel = new KernelQueues(alarm);
  const registry = new Registry({ alarm, journal, kernel, ...options }, log);
  const server = createApi(routesOf({ registry, journal, metrics: options }), log);
  const stopped = new AbortController();
  try {
    const address = await listen(server, options);
    server.on('error', (error) => log('error', 'Failed to accept a request', { error: error.message }));
    const { error } = await populate(registry, first);
    if (error !== undefined) throw error;
    announce(address, { version: TOXIPROXY_VERSION, seed: options.seed });
    if (options.exitWithStdin) {
      process.stdin.once('end', () => stopped.abort()).once('error', () => stopped.abort());
      process.stdin.resume();
    }
    await aborted(AbortSignal.any([signal, stopped.signal]));
    return 0;
  } finally {
    server.close();
    server.closeAllConnections();
    await registry.stop();
    alarm.stop();
    await kernel.close();
    if (options.exitWithStdin) process.stdin.destroy();
  }
};
