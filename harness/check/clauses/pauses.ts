/**
 * Parameters that make a subject wait or hold back: pauses, durations, and how many connections at a time.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import { demand, Missed } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import { playServer } from '../peer/server-part.ts';
import { boundMiss, pauseMiss } from '../timing.ts';
import { allOf, betweenMs, eventsOf, sinceMs } from '../transcript.ts';
import { playThrough } from './clean.ts';

const PAUSE_MS = 150;
const PATIENT_MS = 10_000;

function paced(role: Role): Clause {
  const workload = role === 'client' ? 'echo' : 'download';
  const exchange = new Exchange(workload, { messages: 3, paceMs: PAUSE_MS, ioTimeoutMs: PATIENT_MS });
  return {
    id: `${role}/params/pace`,
    text: `paceMs is a pause before each message after the first that a ${role} originates`,
    passage: 'Parameters',
    role,
    waitsMs: PAUSE_MS * 2,
    exercise: async (stage) => {
      const sending = allOf(await playThrough(stage, role, exchange), 'sending');
      for (const [index, told] of sending.entries()) {
        const before = sending[index - 1];
        if (before !== undefined) demand(pauseMiss('a pause between messages', betweenMs(before, told), PAUSE_MS));
      }
    },
  };
}

const readPause: Clause = {
  id: 'server/params/read-pause',
  text: 'In "slow-reader" a server reads nothing for readPauseMs from "accepted", then everything',
  passage: 'Workloads',
  role: 'server',
  waitsMs: PAUSE_MS,
  exercise: async (stage) => {
    const exchange = new Exchange('slow-reader', { messages: 2, readPauseMs: PAUSE_MS, ioTimeoutMs: PATIENT_MS });
    const transcript = await playThrough(stage, 'server', exchange);
    const [first] = allOf(transcript, 'received');
    if (first === undefined) throw new Missed('two "received"', 'none was printed');
    demand(pauseMiss('a pause before the first "received"', sinceMs(transcript, 'accepted', first), PAUSE_MS));
  },
};

const duration: Clause = {
  id: 'client/params/duration',
  text: 'In "idle" a client stays for durationMs, then ends its writing',
  passage: 'Workloads',
  role: 'client',
  waitsMs: PAUSE_MS * 2,
  exercise: async (stage) => {
    const exchange = new Exchange('idle', { durationMs: PAUSE_MS * 2, ioTimeoutMs: PATIENT_MS });
    const { run, listener } = await stage.startClient(exchange);
    const peer = await listener.next();
    await peer.expectEnd('once durationMs have passed');
    peer.end();
    await run.event('done');
    const transcript = await run.finish();
    const [shutdown] = allOf(transcript, 'shutdown');
    if (shutdown === undefined) throw new Missed('"shutdown"', 'none was printed');
    demand(boundMiss('"shutdown"', sinceMs(transcript, 'connected', shutdown), PAUSE_MS * 2, transcript));
  },
};

const concurrency: Clause = {
  id: 'client/params/concurrency',
  text: 'At most concurrency connections are open or being opened at a time, and all are made in the end',
  passage: 'Parameters',
  role: 'client',
  waitsMs: PAUSE_MS,
  exercise: async (stage) => {
    const exchange = new Exchange('echo', { connections: 5, concurrency: 2, messages: 1, ioTimeoutMs: PATIENT_MS });
    const { run, listener } = await stage.startClient(exchange);
    // While nothing is answered nothing can end, so that a third connection would be one too many.
    const first = await listener.next();
    await delay(PAUSE_MS);
    const open = listener.accepted.length;
    if (open > 2) throw new Missed('at most 2 connections at a time', `${open} came while none was answered`);
    await Promise.all(
      [first, ...Array.from({ length: 4 }, () => listener.next())].map(async (each) =>
        playServer(await each, exchange),
      ),
    );
    await run.event('done');
    const transcript = await run.finish();
    let now = 0;
    for (const { event } of eventsOf(transcript)) {
      if (event.event === 'connecting') now += 1;
      if (event.event === 'closed') now -= 1;
      if (now > 2) throw new Missed('at most 2 connections at a time', `${now} by its own events`);
    }
  },
};

export const PAUSES: readonly Clause[] = [...ROLES.map(paced), readPause, duration, concurrency];
