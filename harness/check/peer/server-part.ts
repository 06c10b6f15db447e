/**
 * The server's part in each workload, played by the harness against a client under check.
 *
 * Owns what must come over the wire and what is answered; what the client says of it in its events is judged apart.
 */
import type { Workload } from '../../contract/words.ts';
import { Missed } from '../clause.ts';
import { digestReply, echoed, sameMessage } from '../exchange.ts';
import type { Exchange, Message } from '../exchange.ts';
import { described } from '../messages.ts';
import { expectMessage, sendMessage } from './client-part.ts';
import { heartbeats } from './heartbeats.ts';
import type { PeerSocket } from './peer-socket.ts';
import { encode, HEARTBEAT, readMessage } from './wire-form.ts';

/** Plays a part on one connection, to its end, and says which `key` the client's payloads have; `null`: it sent none. */
type ServerPart = (peer: PeerSocket, exchange: Exchange) => Promise<number | null>;

const SERVER_PARTS: Readonly<Record<Workload, ServerPart>> = {
  connect: async (peer) => {
    await finish(peer);
    return null;
  },
  echo,
  pipeline,
  upload: async (peer, exchange) => {
    const { key, message } = await firstMessage(peer, exchange);
    sendMessage(peer, exchange, digestReply(message.payload));
    return key;
  },
  download,
  idle,
  'slow-reader': slowReader,
  reconnect: echo,
};

/**
 * Plays the server of the exchange's workload.
 *
 * @throws {Missed} when the client sends something else than it should, or not in time
 */
export function playServer(peer: PeerSocket, exchange: Exchange): Promise<number | null> {
  return SERVER_PARTS[exchange.workload](peer, exchange);
}

/**
 * The first message of a connection, which tells the connection's number.
 *
 * @throws {Missed} when it is the first of none of the connections asked for
 */
export async function firstMessage(
  peer: PeerSocket,
  exchange: Exchange,
): Promise<{ readonly key: number; readonly message: Message }> {
  const message = await readMessage(peer, exchange, 'message 0');
  const keys = Array.from({ length: exchange.params.connections }, (_, index) => index + 1);
  const key = keys.find((each) => sameMessage(message, exchange.original(each, 0)));
  if (key !== undefined) return { key, message };
  const { seed } = exchange.params;
  const due = described(exchange.original(1, 0), exchange);
  throw new Missed(`message 0 with the payload keyed "${seed}/1": ${due}`, `${described(message, exchange)} came`);
}

async function expectOriginal(peer: PeerSocket, exchange: Exchange, key: number, seq: number): Promise<void> {
  await expectMessage(peer, exchange, exchange.original(key, seq), `message ${seq}`);
}

async function finish(peer: PeerSocket): Promise<void> {
  await peer.expectEnd('once the client has nothing more to send');
  peer.end();
}

async function echo(peer: PeerSocket, exchange: Exchange): Promise<number> {
  const { key, message } = await firstMessage(peer, exchange);
  sendMessage(peer, exchange, echoed(message));
  for (let seq = 1; seq < exchange.messages; seq += 1) {
    await expectOriginal(peer, exchange, key, seq);
    sendMessage(peer, exchange, exchange.echo(key, seq));
  }
  await finish(peer);
  return key;
}

/** Answers nothing before the last message is there: a client that waits for echoes never gets so far. */
async function pipeline(peer: PeerSocket, exchange: Exchange): Promise<number> {
  const { key } = await firstMessage(peer, exchange);
  for (let seq = 1; seq < exchange.messages; seq += 1) {
    await expectMessage(
      peer,
      exchange,
      exchange.original(key, seq),
      `message ${seq}, sent without waiting for an echo`,
    );
  }
  const echoes = exchange.messagesOf('echoes', key);
  peer.write(Buffer.concat(echoes.map((message) => encode(exchange.framing, message))));
  if (exchange.framing === 'until-end') peer.end();
  await finish(peer);
  return key;
}

async function download(peer: PeerSocket, exchange: Exchange): Promise<number> {
  const { key } = await firstMessage(peer, exchange);
  for (const message of exchange.messagesOf('served', key)) peer.write(encode(exchange.framing, message));
  peer.end();
  await peer.expectEnd('once the download has ended');
  return key;
}

async function slowReader(peer: PeerSocket, exchange: Exchange): Promise<number | null> {
  let key: number | null = null;
  for (let seq = 0; seq < exchange.messages; seq += 1) {
    if (key === null) ({ key } = await firstMessage(peer, exchange));
    else await expectOriginal(peer, exchange, key, seq);
  }
  await finish(peer);
  return key;
}

async function idle(peer: PeerSocket, exchange: Exchange): Promise<null> {
  await heartbeats(peer, exchange);
  while (await peer.has(HEARTBEAT.length)) {
    await peer.take(HEARTBEAT.length, 'a heartbeat');
    peer.write(HEARTBEAT);
  }
  await finish(peer);
  return null;
}
