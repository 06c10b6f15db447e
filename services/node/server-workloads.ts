/**
 * What a server says on one connection, workload by workload, as the contract's table has it.
 *
 * Owns the order of messages and ends. How a message travels is `conversation.ts`, which connections there are is
 * `server.ts`.
 */
import type { Conversation } from './conversation.ts';
import { ConversationError } from './failure.ts';
import type { Workload } from './params.ts';
import { echoOf, messageOf, sha256 } from './payload.ts';
import { sideBySide } from './side-by-side.ts';
import { pause, type Stops } from './stops.ts';

type Script = (talk: Conversation, stops: Stops) => Promise<void>;

const echo: Script = async (talk, stops) => {
  for (let seq = 0; ; seq += 1) {
    const message = await talk.receive(stops);
    if (message === 'end') break;
    await talk.send({ ...message, payload: echoOf(message.payload) }, seq, stops);
  }
  talk.tellEnd();
};

const connectOnly: Script = async (talk, stops) => {
  const message = await talk.receive(stops);
  if (message !== 'end') throw new ConversationError('mismatch', 'a message came where none may');
  talk.tellEnd();
};

const upload: Script = async (talk, stops) => {
  const message = await talk.receive(stops);
  if (message === 'end') throw new ConversationError('closed', 'the stream ended without a message');
  await talk.send({ payload: Buffer.from(sha256(message.payload), 'ascii') }, 0, stops);
};

const download: Script = async (talk, stops) => {
  const { messages, paceMs, seed } = talk.params;
  const request = await talk.receive(stops);
  if (request === 'end') {
    talk.tellEnd();
    return;
  }
  for (let seq = 0; seq < messages; seq += 1) {
    await pause(seq > 0 ? paceMs : 0, stops.stop);
    await talk.send(messageOf(talk.params, `${seed}/s`, seq), seq, stops);
  }
};

const slowReader: Script = async (talk, stops) => {
  await pause(talk.params.readPauseMs, stops.stop);
  while ((await talk.receive(stops)) !== 'end');
  talk.tellEnd();
};

const idle: Script = async (talk, stops) => {
  await sideBySide(
    stops,
    async (own) => await beat(talk, own),
    async (own) => await connectOnly(talk, own),
  );
};

/** Sends heartbeats until told to stop. */
async function beat(talk: Conversation, stops: Stops): Promise<void> {
  const { heartbeatMs } = talk.params;
  if (heartbeatMs === 0) return;
  const from = performance.now();
  for (let nth = 1; ; nth += 1) {
    await pause(Math.max(0, from + nth * heartbeatMs - performance.now()), stops.stop);
    await talk.sendHeartbeat(stops);
  }
}

export const SERVER_WORKLOADS: Readonly<Record<Workload, Script>> = {
  connect: connectOnly,
  echo,
  pipeline: echo,
  upload,
  download,
  idle,
  'slow-reader': slowReader,
  reconnect: echo,
};
