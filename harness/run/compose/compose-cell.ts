/**
 * The cell that compose keeps up, driven from a container beside it: `docker compose run --rm harness`.
 *
 * Owns the names under which that container finds the cell's parts. There is one such cell; no engine is asked for
 * anything, so that faults which only an engine can deliver are not to be had here (`plan/capability.ts`).
 */
import { once } from 'node:events';
import { connect } from 'node:net';

import type { Cell, Delivery } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import { RecordedToxiproxy } from '../docker/recorded-toxiproxy.ts';
import { allAnswer, ProxyControl } from '../proxy-control.ts';
import { messageOf, RunError } from '../run-error.ts';
import { WireFeed } from '../wire-feed.ts';
import { demandAgent, startByAgent } from './agent-process.ts';
import { untilUp } from './until-up.ts';

/** Services of docker-compose.yml. */
const WIRE = 'wire';
const TOXIPROXY = 'proxy';
const PLACES = { server: 'server-place', client: 'client-place' } as const;
const API_PORT = 8474;
const ANSWER_LIMIT_MS = 2_000;
/** Compose brings up what this command depends on only as far as started, which is before anything listens there. */
const UP_LIMIT_MS = 15_000;

/**
 * Takes the cell that is up.
 *
 * @param limitMs how long its parts may take until they listen
 * @throws {RunError} `cell-not-started` where one does not answer by then
 */
export async function openComposeCell(signal: AbortSignal, limitMs: number = UP_LIMIT_MS): Promise<Cell> {
  const control = new ProxyControl(`http://${WIRE}:${API_PORT}`);
  const silent = new ProxyControl(`http://${TOXIPROXY}:${API_PORT}`);
  await demandParts([control, silent], limitMs, signal);
  const feed = new WireFeed(control);
  const toxiproxy = new RecordedToxiproxy(silent, control, feed);
  const facingWire: Cell = {
    kind: 'compose',
    proxy: 'wire',
    control,
    effectGrade: 'self',
    network: null,
    readClock: () => Promise.resolve(null),
    facing: (proxy) => (proxy === 'wire' ? facingWire : facingToxiproxy),
    serverHost: '0.0.0.0',
    proxyListen: '0.0.0.0:0',
    proxyHost: WIRE,
    upstream: (port) => `${PLACES.server}:${port}`,
    // Plain subjects are none of the places' images.
    freePort: () => Promise.reject(new Error('the places of this cell start nothing but their own subject')),
    listens: () => Promise.resolve(false),
    makeRoom: () => Promise.resolve(),
    start: (role, _subject, environment) => startByAgent(role, PLACES[role], environment, signal),
    watch: (proxyName, onEvent, originMicros) => feed.watch(proxyName, onEvent, originMicros),
    proveRefused,
    proxyWaitedMs: () => null,
    waysIn: () => [`proxy: its API is at ${control.baseUrl}/proxies on the network "control"`],
    isSound: async () => feed.isSound && (await allAnswer([control, silent])),
    [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose](),
  };
  const facingToxiproxy: Cell = {
    ...facingWire,
    proxy: 'toxiproxy',
    control: toxiproxy,
    effectGrade: 'recorder',
    watch: (proxyName, onEvent, originMicros) => toxiproxy.watch(proxyName, onEvent, originMicros),
  };
  return facingWire;
}

/** Waits for the proxies and the places' agents. */
async function demandParts(controls: readonly ProxyControl[], limitMs: number, signal: AbortSignal): Promise<void> {
  const parts = [
    ...controls.map((control) => () => control.version(signal)),
    ...Object.values(PLACES).map((place) => () => demandAgent(place, signal)),
  ];
  try {
    await Promise.all(parts.map((part) => untilUp<unknown>(part, limitMs, signal)));
  } catch (error) {
    signal.throwIfAborted();
    throw new RunError(
      'cell-not-started',
      `no cell is up around this command: tried for ${limitMs / 1000} s, the last time ${messageOf(error)}`,
      'this kind of cell is for "docker compose run --rm harness"; elsewhere take --cell local or --cell docker',
      error,
    );
  }
}

/** The proxy listens for the client on all its networks, this one too: what its kernel answers a SYN here it answers there. */
async function proveRefused(port: number): Promise<Delivery | null> {
  const earliestMs = monotonicMs();
  const socket = connect({ host: WIRE, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    return null;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) return null;
    const proof = `the kernel of the proxy's container refuses a connection to port ${port}`;
    return { earliestMs, latestMs: monotonicMs(), grade: 'kernel', proof };
  } finally {
    socket.destroy();
  }
}
