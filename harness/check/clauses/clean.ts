/**
 * Every workload in every framing, clean: both what goes over the wire and what the subject says of it.
 */
import type { ParamsInput } from '../../contract/params.ts';
import { FRAMINGS, WORKLOADS } from '../../contract/words.ts';
import type { Framing, Role, Workload } from '../../contract/words.ts';
import { demand, Missed } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import { messagesMiss } from '../messages.ts';
import { BEATS } from '../peer/heartbeats.ts';
import { playClient } from '../peer/client-part.ts';
import { playServer } from '../peer/server-part.ts';
import type { Change, Stage } from '../stage.ts';
import { allOf } from '../transcript.ts';
import type { Transcript } from '../transcript.ts';

/** On which every clean exchange runs at once: more than one shows that neither waits for the other. */
const CONNECTIONS = 2;
const HEARTBEAT_MS = 100;
const PATIENT_MS = 10_000;

/** The framings in which a workload differs. */
export function framingsOf(workload: Workload): readonly Framing[] {
  if (workload === 'connect' || workload === 'idle') return ['prefix32'];
  if (workload === 'upload') return ['until-end'];
  return FRAMINGS;
}

/** Small messages that still do not fit one segment of an ordinary network, and an upload larger than socket buffers. */
function inputOf(workload: Workload, framing: Framing): ParamsInput {
  const own: ParamsInput =
    workload === 'idle'
      ? { heartbeatMs: HEARTBEAT_MS, durationMs: HEARTBEAT_MS * (BEATS + 1) }
      : { messages: 3, messageBytes: workload === 'upload' ? 300_000 : 2_000, maxMessageBytes: 300_000 };
  return {
    framing,
    content: framing === 'delimited' ? 'text' : 'bytes',
    seed: `check-${workload}`,
    connections: CONNECTIONS,
    // Nothing is timed here: a busy machine must not look like a miss.
    ioTimeoutMs: PATIENT_MS,
    connectTimeoutMs: PATIENT_MS,
    ...own,
  };
}

function clean(role: Role, workload: Workload, framing: Framing): Clause {
  const exchange = new Exchange(workload, inputOf(workload, framing));
  const several = framingsOf(workload).length > 1;
  return {
    id: `${role}/${workload}${several ? `/${framing}` : ''}`,
    text: `As ${role} it plays "${workload}"${several ? ` in framing ${framing}` : ''}, ${CONNECTIONS} connections at once, with the right bytes and events`,
    passage: 'Workloads',
    role,
    ...(workload === 'idle' ? { waitsMs: exchange.params.durationMs } : {}),
    exercise: (stage) => (role === 'server' ? againstServer(stage, exchange) : againstClient(stage, exchange)),
  };
}

/** The harness plays the client on several connections at once; the server's events must tell the same. */
export async function againstServer(stage: Stage, exchange: Exchange, change: Change = {}): Promise<void> {
  const { run, port } = await stage.startServer(exchange, change);
  const keys = Array.from({ length: exchange.params.connections }, (_, index) => index + 1);
  const ports = await Promise.all(
    keys.map(async (key) => {
      const peer = await stage.dial(port);
      await playClient(peer, exchange, key);
      return { key, port: peer.localPort };
    }),
  );
  await run.event('closed', keys.length);
  const transcript = await run.finish();
  for (const { key, port: peerPort } of ports) {
    const accepted = allOf(transcript, 'accepted').find(({ event }) => event.peerPort === peerPort);
    if (accepted === undefined) throw new Missed(`"accepted" with peerPort ${peerPort}`, 'none was printed');
    demand(messagesMiss(transcript, 'server', exchange, { conn: accepted.event.conn, key }));
  }
}

/** The harness plays the server; the client's events must tell the same. */
export async function againstClient(stage: Stage, exchange: Exchange, change: Change = {}): Promise<void> {
  const { run, listener } = await stage.startClient(exchange, change);
  const places = await Promise.all(
    Array.from({ length: exchange.params.connections }, async () => {
      const peer = await listener.next();
      return { key: await playServer(peer, exchange), port: peer.remotePort };
    }),
  );
  await run.event('done');
  const transcript = await run.finish();
  const keys = new Set<number>();
  for (const { key, port } of places) {
    const connected = allOf(transcript, 'connected').find(({ event }) => event.localPort === port);
    if (connected === undefined) throw new Missed(`"connected" with localPort ${port}`, 'none was printed');
    const { conn } = connected.event;
    const connecting = allOf(transcript, 'connecting').find(({ event }) => event.conn === conn);
    const told = connecting?.event.key ?? 0;
    if (key !== null && told !== key) {
      throw new Missed(`"connecting" with key ${key}, as its payloads have it`, `it said key ${told}`);
    }
    keys.add(told);
    demand(messagesMiss(transcript, 'client', exchange, { conn, key: told }));
  }
  if (keys.size !== places.length) {
    throw new Missed(`keys 1 to ${places.length}, one for each connection`, `it said ${[...keys].join(', ')}`);
  }
}

/** Plays a whole exchange on one connection and returns what the subject told of it. */
export async function playThrough(stage: Stage, role: Role, exchange: Exchange): Promise<Transcript> {
  if (role === 'server') {
    const { run, port } = await stage.startServer(exchange);
    await playClient(await stage.dial(port), exchange, 1);
    await run.event('closed');
    return run.finish();
  }
  const { run, listener } = await stage.startClient(exchange);
  await playServer(await listener.next(), exchange);
  await run.event('done');
  return run.finish();
}

export const CLEAN: readonly Clause[] = (['server', 'client'] as const).flatMap((role) =>
  WORKLOADS.flatMap((workload) => framingsOf(workload).map((framing) => clean(role, workload, framing))),
);
