/**
 * Deadlines of a subject's own: that they pass, what for, and neither early nor late.
 */
import { setTimeout as delay } from 'node:timers/promises';

import type { ParamsInput } from '../../contract/params.ts';
import type { FailureCode, Role, Workload } from '../../contract/words.ts';
import { monotonicMs } from '../../run/clock.ts';
import { demand, NotCheckable } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import { failureMiss, failureOn } from '../failures.ts';
import { expectMessage, playClient, sendMessage } from '../peer/client-part.ts';
import { HangingListener } from '../peer/hanging-listener.ts';
import type { PeerSocket } from '../peer/peer-socket.ts';
import { firstMessage } from '../peer/server-part.ts';
import { encode } from '../peer/wire-form.ts';
import { environmentOf } from '../stage.ts';
import type { Stage } from '../stage.ts';
import { boundMiss } from '../timing.ts';
import { sinceMs } from '../transcript.ts';

/** Well below the default of 1000, so that a subject that ignores the parameter is late. */
const BOUND_MS = 300;
/**
 * Where this side has an answer to give in time before its silence begins: a busy machine must not make that late. Above the
 * default, so that a subject that ignores the parameter is early.
 */
const ANSWERED_BOUND_MS = 1500;
/** A deadline that must not be the one that passes. */
const FAR_MS = 10_000;

interface Silence {
  readonly id: string;
  readonly text: string;
  readonly role: Role;
  readonly workload: Workload;
  readonly params: ParamsInput;
  readonly code: FailureCode;
  readonly received?: number;
  /** How long the time is; `BOUND_MS` unless said. */
  readonly boundMs?: number;
  /** The event that the time runs from; `peer`: from when the peer fell silent. */
  readonly from: 'sent' | 'received' | 'shutdown' | 'accepted' | 'connected' | 'peer';
  /** What the peer does before it falls silent. */
  readonly before: (peer: PeerSocket, exchange: Exchange) => Promise<void> | void;
}

async function takeRequest(peer: PeerSocket, exchange: Exchange): Promise<void> {
  await firstMessage(peer, exchange);
}

const SILENCES: readonly Silence[] = [
  {
    id: 'timeout/reply',
    text: 'A client whose echo does not come fails with "timeout" once ioTimeoutMs have passed since "sent"',
    role: 'client',
    workload: 'echo',
    params: { ioTimeoutMs: BOUND_MS },
    code: 'timeout',
    from: 'sent',
    before: takeRequest,
  },
  {
    id: 'timeout/partial-reply',
    text: 'A client whose echo comes in part only fails with "timeout": a byte received restarts no deadline',
    role: 'client',
    workload: 'echo',
    params: { ioTimeoutMs: BOUND_MS },
    code: 'timeout',
    from: 'sent',
    before: async (peer, exchange) => {
      await firstMessage(peer, exchange);
      await delay(BOUND_MS / 2);
      peer.write(encode(exchange.framing, exchange.echo(1, 0)).subarray(0, 20));
    },
  },
  {
    id: 'timeout/end',
    text: 'A client whose server does not end fails with "timeout" once ioTimeoutMs have passed since its own "shutdown"',
    role: 'client',
    workload: 'echo',
    params: { ioTimeoutMs: ANSWERED_BOUND_MS },
    boundMs: ANSWERED_BOUND_MS,
    code: 'timeout',
    received: 1,
    from: 'shutdown',
    before: async (peer, exchange) => {
      await firstMessage(peer, exchange);
      sendMessage(peer, exchange, exchange.echo(1, 0));
    },
  },
  {
    id: 'timeout/partial-message',
    text: 'A server that got part of a message fails with "timeout" once ioTimeoutMs have passed since its first byte',
    role: 'server',
    workload: 'echo',
    params: { ioTimeoutMs: BOUND_MS },
    code: 'timeout',
    from: 'peer',
    before: (peer, exchange) => peer.write(encode(exchange.framing, exchange.original(1, 0)).subarray(0, 20)),
  },
  {
    id: 'dead-peer/reply',
    text: 'A client that hears nothing while a reply is due fails with "dead-peer" once deadPeerMs have passed',
    role: 'client',
    workload: 'echo',
    params: { deadPeerMs: BOUND_MS, ioTimeoutMs: FAR_MS },
    code: 'dead-peer',
    from: 'sent',
    before: takeRequest,
  },
  {
    id: 'dead-peer/idle',
    text: 'A client in "idle" that hears no heartbeat fails with "dead-peer" once deadPeerMs have passed',
    role: 'client',
    workload: 'idle',
    params: { deadPeerMs: BOUND_MS, heartbeatMs: 100, durationMs: FAR_MS, ioTimeoutMs: FAR_MS },
    code: 'dead-peer',
    from: 'connected',
    before: () => undefined,
  },
  {
    id: 'dead-peer/idle',
    text: 'A server in "idle" that hears no heartbeat fails with "dead-peer" once deadPeerMs have passed',
    role: 'server',
    workload: 'idle',
    params: { deadPeerMs: BOUND_MS, heartbeatMs: 100, durationMs: FAR_MS, ioTimeoutMs: FAR_MS },
    code: 'dead-peer',
    from: 'accepted',
    before: () => undefined,
  },
  {
    id: 'dead-peer/between-messages',
    text: 'A server that hears nothing between messages fails with "dead-peer" once deadPeerMs have passed',
    role: 'server',
    workload: 'echo',
    params: { deadPeerMs: BOUND_MS, ioTimeoutMs: FAR_MS },
    code: 'dead-peer',
    from: 'accepted',
    before: () => undefined,
  },
];

async function silenceToClient(stage: Stage, exchange: Exchange, before: Silence['before']): Promise<number> {
  const { run, listener } = await stage.startClient(exchange);
  await before(await listener.next(), exchange);
  const silentMs = monotonicMs();
  await run.event('done');
  return silentMs;
}

async function silenceToServer(stage: Stage, exchange: Exchange, before: Silence['before']): Promise<number> {
  const { run, port } = await stage.startServer(exchange);
  const peer = await stage.dial(port);
  const silentMs = monotonicMs();
  await before(peer, exchange);
  await run.event('closed');
  return silentMs;
}

function clauseOf(silence: Silence): Clause {
  const { role, code, from, boundMs = BOUND_MS } = silence;
  const exchange = new Exchange(silence.workload, { messages: 1, messageBytes: 64, ...silence.params });
  return {
    id: `${role}/${silence.id}`,
    text: silence.text,
    passage: 'Deadlines',
    role,
    waitsMs: boundMs,
    exercise: async (stage) => {
      const play = role === 'client' ? silenceToClient : silenceToServer;
      const silentMs = await play(stage, exchange, silence.before);
      const [transcript] = await stage.finish();
      if (transcript === undefined) return;
      demand(failureMiss(transcript, 1, { codes: [code], ops: ['recv'], received: silence.received ?? 0 }));
      const failed = failureOn(transcript, 1);
      if (failed === undefined) return;
      const tookMs = from === 'peer' ? failed.arrivedMs - silentMs : sinceMs(transcript, from, failed);
      demand(boundMiss(`"${code}"`, tookMs, boundMs, transcript));
    },
  };
}

const patientServer: Clause = {
  id: 'server/timeout/between-messages',
  text: 'A server waits between messages for as long as it takes: ioTimeoutMs is the deadline of one message',
  passage: 'Deadlines',
  role: 'server',
  waitsMs: BOUND_MS,
  exercise: async (stage) => {
    const exchange = new Exchange('echo', { messages: 2, messageBytes: 64, ioTimeoutMs: BOUND_MS / 2 });
    const { run, port } = await stage.startServer(exchange);
    const peer = await stage.dial(port);
    sendMessage(peer, exchange, exchange.original(1, 0));
    await expectMessage(peer, exchange, exchange.echo(1, 0), 'the echo of message 0');
    await delay(BOUND_MS);
    await playClient(peer, exchange, 1);
    await run.event('closed');
  },
};

const hangingConnect: Clause = {
  id: 'client/timeout/connect',
  text: 'A client whose connect hangs fails with op connect, code timeout, once connectTimeoutMs have passed',
  passage: 'Deadlines',
  role: 'client',
  waitsMs: BOUND_MS * 2,
  exercise: async (stage) => {
    await using listener = await HangingListener.open(stage.signal);
    if (listener === null) throw new NotCheckable('connecting to a full queue does not hang on this system');
    const exchange = new Exchange('connect', { connectTimeoutMs: BOUND_MS });
    const run = await stage.start('client', environmentOf('client', exchange, listener.port));
    await run.firstEvent('connecting');
    await run.event('done');
    const transcript = await run.finish();
    demand(failureMiss(transcript, 1, { ops: ['connect'], codes: ['timeout'], received: 0 }));
    const failed = failureOn(transcript, 1);
    if (failed === undefined) return;
    demand(boundMiss('"timeout"', sinceMs(transcript, 'connecting', failed), BOUND_MS, transcript));
  },
};

export const DEADLINES: readonly Clause[] = [...SILENCES.map(clauseOf), patientServer, hangingConnect];
