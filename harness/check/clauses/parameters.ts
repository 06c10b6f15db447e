/**
 * Parameters that a clean exchange shows: defaults, what is ignored, what is heard and traced, and socket options.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import { Missed, NotCheckable } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import { playClient } from '../peer/client-part.ts';
import { firstMessage, playServer } from '../peer/server-part.ts';
import { encode, HEARTBEAT } from '../peer/wire-form.ts';
import { tcpTable } from '../process-sockets.ts';
import type { Change, Stage } from '../stage.ts';
import { allOf, eventsOf } from '../transcript.ts';
import type { Transcript } from '../transcript.ts';
import { againstClient, againstServer, playThrough } from './clean.ts';

const PATIENT_MS = 10_000;

/** Variations of a clean exchange: what the subject is given, against what the peer plays. */
const VARIATIONS: readonly {
  readonly id: string;
  readonly text: string;
  readonly exchange: Exchange;
  readonly change?: Change;
}[] = [
  {
    id: 'unset',
    text: 'HALFOPEN_PARAMS left out means the defaults',
    exchange: new Exchange('echo', {}),
    change: { HALFOPEN_PARAMS: null },
  },
  {
    id: 'empty',
    text: 'HALFOPEN_PARAMS left empty means the defaults',
    exchange: new Exchange('echo', {}),
    change: { HALFOPEN_PARAMS: '' },
  },
  {
    id: 'unknown-key',
    text: 'An unknown key in HALFOPEN_PARAMS is ignored',
    exchange: new Exchange('echo', { messages: 1, ioTimeoutMs: PATIENT_MS }),
    change: { HALFOPEN_PARAMS: '{"messages":1,"no-such-key":{"deep":[1]}}' },
  },
  {
    id: 'no-messages',
    text: 'With messages 0 a connection is made and ended, and nothing is sent',
    exchange: new Exchange('slow-reader', { messages: 0, ioTimeoutMs: PATIENT_MS }),
  },
  {
    id: 'until-end-messages',
    text: 'In framing until-end there is one message, also with messages 0',
    exchange: new Exchange('echo', { framing: 'until-end', messages: 0, ioTimeoutMs: PATIENT_MS }),
  },
  {
    id: 'zeros',
    text: 'Content "zeros" is all zero bytes, and its echo all ones',
    exchange: new Exchange('echo', { messages: 2, content: 'zeros', ioTimeoutMs: PATIENT_MS }),
  },
  {
    id: 'text',
    text: 'Content "text" is hexadecimal digits, also where the size is no multiple of a digest',
    exchange: new Exchange('echo', { messages: 2, messageBytes: 101, content: 'text', ioTimeoutMs: PATIENT_MS }),
  },
  {
    id: 'at-the-limit',
    text: 'A message of exactly maxMessageBytes is no message too large',
    exchange: new Exchange('echo', { messages: 1, messageBytes: 256, maxMessageBytes: 256, ioTimeoutMs: PATIENT_MS }),
  },
];

function variation(role: Role, { id, text, exchange, change }: (typeof VARIATIONS)[number]): Clause {
  return {
    id: `${role}/params/${id}`,
    text: `${text} (${role})`,
    passage: 'Parameters',
    role,
    exercise: (stage) => (role === 'server' ? againstServer : againstClient)(stage, exchange, change),
  };
}

/** A heartbeat before the message that is due. */
function heartbeatBetween(role: Role): Clause {
  const exchange = new Exchange('echo', { messages: 1, ioTimeoutMs: PATIENT_MS });
  return {
    id: `${role}/heard`,
    text: `A heartbeat in "echo" is "heard" and never delivered as a message (${role})`,
    passage: 'Framing, on the wire',
    role,
    exercise: async (stage) => {
      const transcript = await (role === 'server' ? beatAtServer(stage, exchange) : beatAtClient(stage, exchange));
      if (allOf(transcript, 'heard').length !== 1) {
        throw new Missed('one "heard"', `it printed ${allOf(transcript, 'heard').length}`);
      }
      if (allOf(transcript, 'received').length === 1) return;
      throw new Missed('one "received"', `it printed ${allOf(transcript, 'received').length}`);
    },
  };
}

async function beatAtServer(stage: Stage, exchange: Exchange): Promise<Transcript> {
  const { run, port } = await stage.startServer(exchange);
  const peer = await stage.dial(port);
  peer.write(HEARTBEAT);
  await playClient(peer, exchange, 1);
  await run.event('closed');
  return run.finish();
}

async function beatAtClient(stage: Stage, exchange: Exchange): Promise<Transcript> {
  const { run, listener } = await stage.startClient(exchange);
  const peer = await listener.next();
  peer.write(HEARTBEAT);
  await playServer(peer, exchange);
  await run.event('done');
  return run.finish();
}

function traced(role: Role): Clause {
  const exchange = new Exchange('echo', { messages: 2, trace: true, ioTimeoutMs: PATIENT_MS });
  const wireBytes = encode(exchange.framing, exchange.original(1, 0)).length;
  return {
    id: `${role}/params/trace`,
    text: `With trace, "read" and "wrote" add up to the bytes of each message before the event that they complete (${role})`,
    passage: 'Output: events',
    role,
    exercise: async (stage) => {
      const transcript = await playThrough(stage, role, exchange);
      let read = 0;
      let wrote = 0;
      for (const { event } of eventsOf(transcript)) {
        if (event.event === 'read') read += event.bytes;
        if (event.event === 'wrote') wrote += event.bytes;
        const short = event.event === 'received' ? read : event.event === 'sent' ? wrote : Infinity;
        const due = 'seq' in event ? (event.seq + 1) * wireBytes : 0;
        if (short < due) throw new Missed(`${due} bytes traced before ${JSON.stringify(event)}`, `${short} were`);
      }
      const all = wireBytes * exchange.messages;
      if (read !== all || wrote !== all)
        throw new Missed(`${all} bytes traced each way`, `${read} read, ${wrote} wrote`);
    },
  };
}

function keptAlive(role: Role): Clause {
  const keepAlive = { idleMs: 60_000, intervalMs: 1_000, count: 3 };
  return {
    id: `${role}/params/keep-alive`,
    text: `TCP keepalive is on with keepAlive, and off without (${role})`,
    passage: 'Sockets',
    role,
    exercise: async (stage) => {
      for (const wanted of [true, false]) {
        const exchange = new Exchange('echo', { ioTimeoutMs: PATIENT_MS, ...(wanted ? { keepAlive } : {}) });
        const ports = await (role === 'server' ? openAtServer(stage, exchange) : openAtClient(stage, exchange));
        const own = await settledTimer(ports, wanted);
        if (own === undefined) throw new NotCheckable("the kernel's timers of a socket can be seen on Linux only");
        // tr 02 of /proc/net/tcp is the keepalive timer (net/ipv4/tcp_ipv4.c, get_tcp4_sock).
        if ((own.timer === '02') !== wanted) {
          throw new Missed(`keepalive ${wanted ? 'on' : 'off'}`, `the socket's timer is ${own.timer} in /proc/net/tcp`);
        }
      }
    },
  };
}

/** A socket shows one timer at a time, and for a moment that of an acknowledgement may hide the one that stays. */
const TIMER_READINGS = 20;
const TIMER_PAUSE_MS = 25;

async function settledTimer(ports: Ports, wanted: boolean) {
  for (let reading = 1; ; reading += 1) {
    const table = await tcpTable();
    const own = table?.find(({ localPort, remotePort }) => localPort === ports.subject && remotePort === ports.peer);
    if (own === undefined || (own.timer === '02') === wanted || reading === TIMER_READINGS) return own;
    await delay(TIMER_PAUSE_MS);
  }
}

interface Ports {
  readonly subject: number;
  readonly peer: number;
}

async function openAtServer(stage: Stage, exchange: Exchange): Promise<Ports> {
  const { run, port } = await stage.startServer(exchange);
  const peer = await stage.dial(port);
  await run.event('accepted');
  return { subject: port, peer: peer.localPort };
}

async function openAtClient(stage: Stage, exchange: Exchange): Promise<Ports> {
  const { listener } = await stage.startClient(exchange);
  const peer = await listener.next();
  await firstMessage(peer, exchange);
  return { subject: peer.remotePort, peer: listener.port };
}

const byName: Clause = {
  id: 'client/by-name',
  text: 'A client connects to a name, trying each of its addresses',
  passage: 'Input',
  role: 'client',
  exercise: async (stage) => {
    const exchange = new Exchange('echo', { messages: 1, ioTimeoutMs: PATIENT_MS });
    const { run, listener } = await stage.startClient(exchange, { HALFOPEN_HOST: 'localhost' });
    await playServer(await listener.next(), exchange);
    await run.event('done');
  },
};

export const PARAMETERS: readonly Clause[] = [
  ...ROLES.flatMap((role) => [
    ...VARIATIONS.map((each) => variation(role, each)),
    heartbeatBetween(role),
    traced(role),
    keptAlive(role),
  ]),
  byName,
];
