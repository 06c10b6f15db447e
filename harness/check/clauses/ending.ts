/**
 * How roles end: when their standard input does, when they are done, and when they can't begin.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { monotonicMs } from '../../run/clock.ts';
import { demand, Missed, NotCheckable } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import { failureMiss, unfailedMiss } from '../failures.ts';
import { WIND_DOWN_MS } from '../limits.ts';
import { expectMessage, sendMessage } from '../peer/client-part.ts';
import { firstMessage, playServer } from '../peer/server-part.ts';
import { encode } from '../peer/wire-form.ts';
import { tcpSocketsOf } from '../process-sockets.ts';
import { environmentOf } from '../stage.ts';
import type { Stage } from '../stage.ts';
import type { SubjectRun } from '../subject-run.ts';
import { boundMiss } from '../timing.ts';
import { allOf, ending, summary } from '../transcript.ts';

/** Nothing listens on tcpmux, and it lies below every range of ports that are given out. */
export const UNUSED_PORT = 1;
/** RFC 1035, 2.3.4: a label has at most 63 octets, so no resolver need ask for this one. */
const NO_NAME = 'x'.repeat(64);
/** No event tells that a process has read part of a message; loopback delivers within a scheduling round. */
const ARRIVAL_MS = 100;
/** Whoever exits when it is done has done so by then, on a busy host too. */
const STAYS_MS = 500;

const ECHO = new Exchange('echo', { messages: 2, messageBytes: 64, ioTimeoutMs: 10_000 });

const idleConnection: Clause = {
  id: 'server/end/between-messages',
  text: 'At the end of its input a server closes connections that are between messages, without "failed"',
  passage: 'Input',
  role: 'server',
  exercise: async (stage) => {
    const { run, port } = await stage.startServer(ECHO);
    const peer = await stage.dial(port);
    sendMessage(peer, ECHO, ECHO.original(1, 0));
    await expectMessage(peer, ECHO, ECHO.echo(1, 0), 'the echo of message 0');
    run.endInput();
    await peer.expectEnd('once its standard input has ended', stage.limits.eventMs);
    demand(unfailedMiss(await run.finish(), 1));
  },
};

/** A server in the middle of a message whose input has ended. */
async function cutInTheMiddle(stage: Stage, exchange: Exchange) {
  const { run, port } = await stage.startServer(exchange);
  const peer = await stage.dial(port);
  const whole = encode(exchange.framing, exchange.original(1, 0));
  const half = whole.length / 2;
  peer.write(whole.subarray(0, half));
  await run.event('accepted');
  await delay(ARRIVAL_MS);
  run.endInput();
  return { run, port, peer, rest: whole.subarray(half) };
}

const finishedMessage: Clause = {
  id: 'server/end/under-way',
  text: 'At the end of its input a server lets a message under way finish, answers it, and closes',
  passage: 'Input',
  role: 'server',
  waitsMs: ARRIVAL_MS * 3,
  exercise: async (stage) => {
    const { run, peer, rest } = await cutInTheMiddle(stage, ECHO);
    await delay(ARRIVAL_MS);
    peer.write(rest);
    await expectMessage(peer, ECHO, ECHO.echo(1, 0), 'the echo of the message that was under way');
    await peer.expectEnd('once that message is answered');
    demand(unfailedMiss(await run.finish(), 1));
  },
};

const unfinishedMessage: Clause = {
  id: 'server/end/unfinished',
  text: 'What is unfinished two seconds after the end of its input a server resets, "closed" without "failed"',
  passage: 'Input',
  role: 'server',
  waitsMs: WIND_DOWN_MS,
  exercise: async (stage) => {
    const { run, peer } = await cutInTheMiddle(stage, ECHO);
    const endedMs = monotonicMs();
    const end = await peer.over(stage.limits.exitMs);
    const transcript = await run.finish();
    if (end !== 'reset') throw new Missed('a reset', end === null ? 'the connection stayed' : 'an end of stream came');
    demand(boundMiss('a reset', (peer.endedMs ?? 0) - endedMs, WIND_DOWN_MS, transcript));
    demand(unfailedMiss(transcript, 1));
  },
};

const acceptsNoMore: Clause = {
  id: 'server/end/accepts-no-more',
  text: 'At the end of its input a server stops accepting, also while a message is under way',
  passage: 'Input',
  role: 'server',
  waitsMs: ARRIVAL_MS * 2,
  exercise: async (stage) => {
    const { run, port, peer, rest } = await cutInTheMiddle(stage, ECHO);
    await delay(ARRIVAL_MS);
    const late = await stage.dial(port).catch((error: unknown) => {
      if (error instanceof Missed) return null;
      throw error;
    });
    if (late !== null) sendMessage(late, ECHO, ECHO.original(2, 0));
    peer.write(rest);
    const transcript = await run.finish();
    const accepted = allOf(transcript, 'accepted').length;
    if (accepted > 1) throw new Missed('no "accepted" after the end of its input', summary(transcript));
  },
};

const addressInUse: Clause = {
  id: 'server/address-in-use',
  text: 'A server whose port is in use says "failed" with op listen, code address-in-use, and exits 0 at once',
  passage: 'Output: events',
  role: 'server',
  exercise: async (stage) => {
    const { port } = await stage.listen();
    const run = await stage.start('server', environmentOf('server', ECHO, port));
    if (!(await run.exits(stage.limits.startMs))) {
      throw new Missed('an end of the process at once', `it is still running; ${summary(run.transcript())}`);
    }
    const transcript = run.transcript();
    const failed = allOf(transcript, 'failed')[0]?.event;
    if (failed?.op !== 'listen' || failed.code !== 'address-in-use' || failed.conn !== undefined) {
      throw new Missed('"failed" with op listen, code address-in-use and no conn', lastWords(run));
    }
    if (transcript.exit?.status !== 0) throw new Missed('exit status 0', ending(transcript));
  },
};

const reusedAddress: Clause = {
  id: 'server/reused-address',
  text: 'A server listens on the port it is told, also right after a connection of another server there has ended',
  passage: 'Sockets',
  role: 'server',
  exercise: async (stage) => {
    const first = await stage.startServer(ECHO);
    const peer = await stage.dial(first.port);
    await first.run.event('accepted');
    // The side that ends first keeps the port in TIME_WAIT: SO_REUSEADDR is what lets it be used all the same.
    first.run.endInput();
    await peer.expectEnd('once its standard input has ended');
    peer.end();
    await first.run.finish();
    const second = await stage.start('server', environmentOf('server', ECHO, first.port));
    const { event } = await second.firstEvent('listening');
    if (event.port !== first.port) throw new Missed(`"listening" with port ${first.port}`, `it said ${event.port}`);
  },
};

const refused: Clause = {
  id: 'client/refused',
  text: 'A refused connection is "failed" with op connect, code refused, then "closed"; the client is done and exits 0',
  passage: 'Output: events',
  role: 'client',
  exercise: async (stage) => {
    await demandUnused(stage);
    const run = await stage.start('client', environmentOf('client', ECHO, UNUSED_PORT));
    await run.firstEvent('connecting');
    await run.event('done');
    demand(failureMiss(await run.finish(), 1, { ops: ['connect'], codes: ['refused'], received: 0 }));
  },
};

const unresolved: Clause = {
  id: 'client/unresolved',
  text: 'A name that does not resolve is "failed" with op connect, code unresolved, then "closed"; the client is done and exits 0',
  passage: 'Output: events',
  role: 'client',
  exercise: async (stage) => {
    const patient = new Exchange('echo', { connectTimeoutMs: 10_000 });
    const run = await stage.start('client', environmentOf('client', patient, UNUSED_PORT, NO_NAME));
    await run.firstEvent('connecting');
    await run.event('done');
    demand(failureMiss(await run.finish(), 1, { ops: ['connect'], codes: ['unresolved'], received: 0 }));
  },
};

/** @throws {NotCheckable} when something listens on the port that is taken for unused */
export async function demandUnused(stage: Stage): Promise<void> {
  const taken = await stage.dial(UNUSED_PORT).then(
    () => true,
    (error: unknown) => !(error instanceof Missed),
  );
  if (taken) throw new NotCheckable(`something listens on port ${UNUSED_PORT} of this machine`);
}

const holdsNothing: Clause = {
  id: 'client/end/done',
  text: 'A client that is done waits for the end of its input, holding no socket meanwhile',
  passage: 'Input',
  role: 'client',
  waitsMs: STAYS_MS,
  exercise: async (stage) => {
    const { run, listener } = await stage.startClient(ECHO);
    await playServer(await listener.next(), ECHO);
    await run.event('done');
    if (await run.exits(STAYS_MS)) throw new Missed('that it waits for the end of its input', ending(run.transcript()));
    const sockets = run.pid === null ? null : await tcpSocketsOf(run.pid);
    if (sockets === null)
      throw new NotCheckable('sockets of a process can be seen on Linux only; that it waits was seen');
    if (sockets.length > 0) throw new Missed('no TCP socket after "done"', `it holds ${sockets.join(', ')}`);
  },
};

const toldToEnd: Clause = {
  id: 'client/end/early',
  text: 'A client whose input ends before it is done opens nothing more, resets what is unfinished after two seconds without "failed", and says no "done"',
  passage: 'Input',
  role: 'client',
  waitsMs: WIND_DOWN_MS,
  exercise: async (stage) => {
    const exchange = new Exchange('echo', { connections: 2, concurrency: 1, messageBytes: 64, ioTimeoutMs: 10_000 });
    const { run, listener } = await stage.startClient(exchange);
    await firstMessage(await listener.next(), exchange);
    const transcript = await run.finish();
    if (allOf(transcript, 'done').length > 0) throw new Missed('no "done"', summary(transcript));
    if (allOf(transcript, 'connecting').length > 1) throw new Missed('no further "connecting"', summary(transcript));
    demand(unfailedMiss(transcript, 1));
  },
};

const toldToEndWhileRetrying: Clause = {
  id: 'client/end/retrying',
  text: 'A client whose input ends while it waits to connect again retries nothing more and says no "done"',
  passage: 'Input',
  role: 'client',
  exercise: async (stage) => {
    await demandUnused(stage);
    const exchange = new Exchange('reconnect', { retries: 1_000, backoffMs: 2_000 });
    const run = await stage.start('client', environmentOf('client', exchange, UNUSED_PORT));
    await run.firstEvent('connecting');
    await run.event('closed');
    run.endInput();
    const endedMs = monotonicMs();
    const transcript = await run.finish();
    // What was under way when its input ended was begun before it could know.
    const later = allOf(transcript, 'connecting').filter(({ arrivedMs }) => arrivedMs > endedMs + ARRIVAL_MS);
    if (later.length > 0) throw new Missed('no further "connecting"', summary(transcript));
    if (allOf(transcript, 'done').length > 0) throw new Missed('no "done"', summary(transcript));
  },
};

function lastWords(run: SubjectRun): string {
  return `${summary(run.transcript())}; ${ending(run.transcript())}`;
}

export const ENDING: readonly Clause[] = [
  idleConnection,
  finishedMessage,
  unfinishedMessage,
  acceptsNoMore,
  addressInUse,
  reusedAddress,
  refused,
  unresolved,
  holdsNothing,
  toldToEnd,
  toldToEndWhileRetrying,
];
