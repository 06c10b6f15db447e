/**
 * What a client says on one connection, workload by workload, as the contract's table has it.
 *
 * Owns the order of messages and ends, and what is due when. How a message travels is `conversation.ts`, which
 * connections are made is `client.ts`.
 */
import type { Conversation } from './conversation.ts';
import { ConversationError } from './failure.ts';
import type { Message } from './framing.ts';
import type { Workload } from './params.ts';
import { echoOf, messageOf, sha256 } from './payload.ts';
import type { Pieces } from './pieces.ts';
import { sideBySide } from './side-by-side.ts';
import { pause, toldToStop, waited, type Stops } from './stops.ts';

/** What a script needs beside its connection. */
export interface Part {
  readonly talk: Conversation;
  /** Keys the payloads: `seed/c`. */
  readonly key: string;
  readonly stops: Stops;
  readonly pieces: Pieces;
}

type Script = (part: Part) => Promise<void>;

function check({ pieces }: Part, found: Message, due: Message, what: string): void {
  if (pieces.isDue(found, due)) return;
  const at = found.payload.findIndex((byte, index) => byte !== due.payload[index]);
  const where = at === -1 ? `${found.payload.length} bytes for ${due.payload.length}` : `different from byte ${at} on`;
  throw new ConversationError('mismatch', `${what} is not the one due: ${where}`);
}

function echoDue(sent: Message): Message {
  return { ...sent, payload: echoOf(sent.payload) };
}

/** A message that must come: an end instead is a failure. */
async function receiveDue({ talk }: Part, stops: Stops, what: string): Promise<Message> {
  const message = await talk.receive(stops);
  if (message === 'end') throw new ConversationError('closed', `the stream ended while ${what} was due`);
  return message;
}

/** Ends the writing, unless the framing has done so with its message, and waits for the peer's end. */
async function part({ talk, stops }: Part, extraMs = 0): Promise<void> {
  if (talk.params.framing !== 'until-end') await talk.shutdown(stops);
  await awaitEnd(talk, stops, extraMs);
}

async function awaitEnd(talk: Conversation, stops: Stops, extraMs: number): Promise<void> {
  const { ioTimeoutMs } = talk.params;
  talk.expectEnd(ioTimeoutMs === 0 ? 0 : ioTimeoutMs + extraMs);
  const surplus = await talk.receive(stops);
  if (surplus !== 'end') throw new ConversationError('mismatch', 'a message came where the end was due');
  talk.tellEnd();
}

/** Sends message `seq`; where the stream's end is the message's end, ends the stream. */
async function say({ talk, key, stops }: Part, seq: number): Promise<Message> {
  const message = messageOf(talk.params, key, seq);
  await talk.send(message, seq, stops);
  if (talk.params.framing === 'until-end') await talk.shutdown(stops);
  return message;
}

/** Messages `from` to the last, each sent when the one before it was echoed. */
export async function echoFrom(from: number, whole: Part, onEcho: () => void): Promise<void> {
  const { talk, stops } = whole;
  for (let seq = from; seq < talk.params.messages; seq += 1) {
    await pause(seq > from ? talk.params.paceMs : 0, stops.stop);
    const said = await say(whole, seq);
    talk.expect();
    // An exchange that has begun is finished: only its own time ends it.
    const reply = await receiveDue(whole, { stop: stops.kill, kill: stops.kill }, `the echo of message ${seq}`);
    talk.expectNothing();
    check(whole, reply, echoDue(said), `the echo of message ${seq}`);
    onEcho();
  }
  await part(whole);
}

const echo: Script = async (whole) => await echoFrom(0, whole, () => {});

const pipeline: Script = async (whole) => {
  const { talk, key, stops } = whole;
  const { messages, paceMs } = talk.params;
  let sent = 0;
  let echoed = 0;
  let saying = false;
  // What was said is answered: only the sender stops at once, and whoever is last to be busy ends both.
  const endBetweenMessages = (): void => {
    if (stops.stop.aborted && !saying && echoed === sent && sent < messages) throw toldToStop(stops.stop.reason);
  };
  await sideBySide(
    { stop: stops.kill, kill: stops.kill },
    async (own) => {
      const told = AbortSignal.any([stops.stop, own.stop]);
      while (sent < messages && (await waited(sent > 0 ? paceMs : 0, told))) {
        saying = true;
        await say({ ...whole, stops: own }, sent);
        saying = false;
        sent += 1;
        if (echoed === sent - 1) talk.expect();
      }
      endBetweenMessages();
    },
    async (own) => {
      while (echoed < messages) {
        endBetweenMessages();
        const reply = await receiveDue(whole, own, `the echo of message ${echoed}`);
        check(whole, reply, echoDue(messageOf(talk.params, key, echoed)), `the echo of message ${echoed}`);
        echoed += 1;
        if (sent > echoed) talk.expect();
        else talk.expectNothing();
      }
    },
  );
  await part(whole);
};

const upload: Script = async (whole) => {
  const said = await say(whole, 0);
  whole.talk.expect();
  const reply = await receiveDue(whole, { stop: whole.stops.kill, kill: whole.stops.kill }, 'the digest');
  whole.talk.expectNothing();
  check(whole, reply, { payload: Buffer.from(sha256(said.payload), 'ascii') }, 'the digest');
};

const download: Script = async (whole) => {
  const { talk, stops } = whole;
  const { ioTimeoutMs, messages, paceMs, seed } = talk.params;
  await say(whole, 0);
  const dueMs = ioTimeoutMs === 0 ? 0 : ioTimeoutMs + paceMs;
  for (let seq = 0; seq < messages; seq += 1) {
    talk.expect(dueMs);
    const message = await receiveDue(whole, stops, `message ${seq} of ${messages}`);
    talk.expectNothing();
    check(whole, message, messageOf(talk.params, `${seed}/s`, seq), `message ${seq}`);
  }
  await awaitEnd(talk, stops, 0);
};

const slowReader: Script = async (whole) => {
  const { talk, stops } = whole;
  for (let seq = 0; seq < talk.params.messages; seq += 1) {
    await pause(seq > 0 ? talk.params.paceMs : 0, stops.stop);
    await say(whole, seq);
  }
  await part(whole, talk.params.readPauseMs);
};

const idle: Script = async (whole) => {
  const { talk, stops } = whole;
  const { durationMs, heartbeatMs } = talk.params;
  let leaving = false;
  talk.watch();
  await sideBySide(
    stops,
    async (own) => {
      await beatFor(talk, durationMs, heartbeatMs, own);
      leaving = true;
      await talk.shutdown(own);
      talk.expectEnd(talk.params.ioTimeoutMs);
    },
    async (own) => {
      const message = await talk.receive(own);
      if (message !== 'end') throw new ConversationError('mismatch', 'a message came where only heartbeats may');
      if (!leaving) throw new ConversationError('closed', 'the stream ended before this side was done');
      talk.tellEnd();
    },
  );
};

/** Sends a heartbeat every `everyMs`, the first after one interval; 0: none. Returns after `durationMs`. */
async function beatFor(talk: Conversation, durationMs: number, everyMs: number, stops: Stops): Promise<void> {
  const from = performance.now();
  const beats = everyMs === 0 ? 0 : Math.ceil(durationMs / everyMs) - 1;
  for (let beat = 1; beat <= beats; beat += 1) {
    await pause(Math.max(0, from + beat * everyMs - performance.now()), stops.stop);
    await talk.sendHeartbeat(stops);
  }
  await pause(Math.max(0, from + durationMs - performance.now()), stops.stop);
}

const connectOnly: Script = async () => {};

/** `reconnect` speaks `echo` on each of its connections and is told in `client.ts`. */
export const CLIENT_WORKLOADS: Readonly<Record<Exclude<Workload, 'reconnect'>, Script>> = {
  connect: connectOnly,
  echo,
  pipeline,
  upload,
  download,
  idle,
  'slow-reader': slowReader,
};
