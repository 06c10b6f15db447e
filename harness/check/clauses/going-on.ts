/**
 * What goes on in spite of a failure: other connections, and in `reconnect` the message that was not yet echoed.
 */
import { demand, Missed } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import { failureMiss } from '../failures.ts';
import { messagesMiss } from '../messages.ts';
import { expectMessage, playClient, sendMessage } from '../peer/client-part.ts';
import { firstMessage, playServer } from '../peer/server-part.ts';
import { encode } from '../peer/wire-form.ts';
import { environmentOf } from '../stage.ts';
import { allOf, eventsOf, summary } from '../transcript.ts';
import { demandUnused, UNUSED_PORT } from './ending.ts';

const PATIENT_MS = 10_000;
const RESET = { ops: [], codes: ['reset', 'broken-pipe'], received: 0 } as const;

const serverGoesOn: Clause = {
  id: 'server/others-go-on',
  text: 'A connection that stands still inside a message, and then is reset, delays no other and harms none',
  passage: 'Workloads',
  role: 'server',
  exercise: async (stage) => {
    const exchange = new Exchange('echo', { messages: 2, messageBytes: 64, ioTimeoutMs: PATIENT_MS });
    const { run, port } = await stage.startServer(exchange);
    const still = await stage.dial(port);
    still.write(encode(exchange.framing, exchange.original(1, 0)).subarray(0, 10));
    await run.event('accepted');
    await playClient(await stage.dial(port), exchange, 2);
    still.reset();
    await run.event('failed');
    await playClient(await stage.dial(port), exchange, 3);
    await run.event('closed', 3);
    const transcript = await run.finish();
    demand(failureMiss(transcript, 1, RESET));
    demand(messagesMiss(transcript, 'server', exchange, { conn: 2, key: 2 }));
    demand(messagesMiss(transcript, 'server', exchange, { conn: 3, key: 3 }));
  },
};

const clientGoesOn: Clause = {
  id: 'client/others-go-on',
  text: 'After a failure on one connection a client goes on with its others, is done, and exits 0',
  passage: 'Output: events',
  role: 'client',
  exercise: async (stage) => {
    const exchange = new Exchange('echo', { connections: 3, concurrency: 1, messages: 2, ioTimeoutMs: PATIENT_MS });
    const { run, listener } = await stage.startClient(exchange);
    const first = await listener.next();
    await firstMessage(first, exchange);
    first.reset();
    for (let left = 2; left > 0; left -= 1) await playServer(await listener.next(), exchange);
    await run.event('done');
    const transcript = await run.finish();
    demand(failureMiss(transcript, 1, RESET));
    demand(messagesMiss(transcript, 'client', exchange, { conn: 2, key: 2 }));
    demand(messagesMiss(transcript, 'client', exchange, { conn: 3, key: 3 }));
  },
};

const sendsAgain: Clause = {
  id: 'client/reconnect/again',
  text: 'In "reconnect" a client cut off before an echo connects again, with its key, and sends the first message not yet echoed, with its seq',
  passage: 'Workloads',
  role: 'client',
  exercise: async (stage) => {
    const exchange = new Exchange('reconnect', { messages: 3, retries: 2, backoffMs: 20, ioTimeoutMs: PATIENT_MS });
    const { run, listener } = await stage.startClient(exchange);
    const first = await listener.next();
    await firstMessage(first, exchange);
    sendMessage(first, exchange, exchange.echo(1, 0));
    await expectMessage(first, exchange, exchange.original(1, 1), 'message 1');
    first.reset();
    const second = await listener.next();
    for (const seq of [1, 2]) {
      await expectMessage(second, exchange, exchange.original(1, seq), `message ${seq}, on the second connection`);
      sendMessage(second, exchange, exchange.echo(1, seq));
    }
    await second.expectEnd('once the last echo is there');
    second.end();
    await run.event('done');
    const transcript = await run.finish();
    demand(failureMiss(transcript, 1, { ...RESET, received: 1 }));
    const keys = allOf(transcript, 'connecting').map(({ event }) => event.key);
    if (keys.join() !== '1,1') throw new Missed('"connecting" twice, both with key 1', `it said ${keys.join(' and ')}`);
    const seqs = allOf(transcript, 'sending').map(({ event }) => event.seq);
    if (seqs.join() !== '0,1,1,2') throw new Missed('"sending" of seq 0, 1, 1, 2', `it said ${seqs.join(', ')}`);
  },
};

const givesUp: Clause = {
  id: 'client/reconnect/gives-up',
  text: 'In "reconnect" a client makes as many attempts after the first as retries says, each with its "failed" and "closed", and is done',
  passage: 'Parameters',
  role: 'client',
  exercise: async (stage) => {
    await demandUnused(stage);
    const exchange = new Exchange('reconnect', { retries: 2, backoffMs: 20 });
    const run = await stage.start('client', environmentOf('client', exchange, UNUSED_PORT));
    await run.firstEvent('connecting');
    await run.event('done');
    const transcript = await run.finish();
    const names = eventsOf(transcript).map(({ event }) => event.event);
    const attempt = ['connecting', 'failed', 'closed'];
    if (names.join() !== [...attempt, ...attempt, ...attempt, 'done'].join()) {
      throw new Missed('three times connecting, failed, closed, then done', summary(transcript));
    }
  },
};

export const GOING_ON: readonly Clause[] = [serverGoesOn, clientGoesOn, sendsAgain, givesUp];
